/**
 * @file Where the Python runner lies: beside this file, and on another machine as a copy under the hash of its contents.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../base/hash.ts'
import type { Host } from '../host/host.ts'
import { sendFolder } from './send-folder.ts'

const RUNNER_FOLDER = fileURLToPath(new URL('./runner', import.meta.url))

/** The folder on the host that holds the package `holdfast_runner`; shipped there when it is another machine. */
export function sendRunner(host: Host): Promise<string> {
  return sendFolder(host, RUNNER_FOLDER, { kind: 'runner', hash: runnerHash() })
}

/** 16 hexadecimal characters over all of its Python files. */
export function runnerHash(): string {
  const files = readdirSync(RUNNER_FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'))
  return sha256(
    files
      .toSorted()
      .map((name) => `${name}\n${readFileSync(join(RUNNER_FOLDER, name), 'utf8')}`)
      .join('\n'),
  ).slice(0, 16)
}
