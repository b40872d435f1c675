/**
 * @file This machine as a host whose cache lies in a folder of its own and whose commands see further environment variables.
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Host } from '../../src/host/host.ts'
import { createLocalHost } from '../../src/host/local-host.ts'

/** A fresh folder for one test file. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-python-')))
}

/** The local host with `cache` as its cache folder. */
export function localHostWith(cache: string, env: Readonly<Record<string, string>> = {}): Host {
  const local = createLocalHost()
  return {
    ...local,
    cacheDirectory: () => Promise.resolve(cache),
    run: (command, options = {}) => local.run(command, { ...options, env: { ...env, ...options.env } }),
  }
}

/** A PATH that begins with a folder of shell programs, given by name and text. */
export function pathWith(folder: string, programs: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(programs)) writeProgram(join(folder, name), text)
  return `${folder}:${process.env['PATH'] ?? ''}`
}

/** Writes an executable shell program. */
export function writeProgram(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

/** A folder that makes a Python believe, by PYTHONPATH, that packages of these versions are installed: their metadata alone. */
export function writeMetadata(folder: string, versions: Readonly<Record<string, string>>): string {
  for (const [name, version] of Object.entries(versions)) {
    const directory = join(folder, `${name}-${version}.dist-info`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`)
  }
  return folder
}
