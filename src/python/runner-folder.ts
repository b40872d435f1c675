/**
 * @file Where the Python runner lies: beside this file, and on another machine as a copy under the hash of its contents.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../base/hash.ts'
import type { Host } from '../host/host.ts'

const RUNNER_FOLDER = fileURLToPath(new URL('./runner', import.meta.url))

/** The folder on the host that holds the package `holdfast_runner`; shipped there when it is another machine. */
export async function placeRunner(host: Host): Promise<string> {
  if (host.isLocal) return RUNNER_FOLDER
  const place = posix.join(await host.cacheDirectory(), 'runner', runnerHash())
  const complete = posix.join(place, '.complete')
  if (await host.exists(complete)) return place
  await host.upload(RUNNER_FOLDER, place)
  await host.writeFile(complete, '')
  return place
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
