/**
 * @file Sends folders of this machine to a host, each once, under the hash of its contents, and clears away what was not used for a month. A folder appears
 * under its name only when all of it has arrived.
 */
import { randomBytes } from 'node:crypto'
import { posix, resolve } from 'node:path'
import { HostCopyError } from '../host/errors.ts'
import type { Host } from '../host/host.ts'

/** What a folder is, and the hash that its contents go by. */
export interface FolderName {
  readonly kind: 'models' | 'adapters' | 'runner'
  readonly hash: string
}

/** Marks the folder as used when it is there. */
const FIND = '[ -d "$1" ] && touch -- "$1"'
/** Another process may have been faster; the same contents are kept once. One that was faster between the look and the move has this copy inside: away with it. */
const ARRIVE = '[ -d "$2" ] || mv -- "$1" "$2"; rm -rf -- "$1" "$2/${1##*/}"; touch -- "$2"'

/** The folder on the host: itself on this machine, else a copy that is made once. @throws HostCopyError, errors of the connection */
export async function sendFolder(host: Host, directory: string, { kind, hash }: FolderName): Promise<string> {
  if (host.isLocal) return resolve(directory)
  const target = posix.join(await host.cacheDirectory(), kind, hash)
  if ((await host.run(['sh', '-c', FIND, 'sh', target])).code === 0) return target
  const unfinished = `${target}.${randomBytes(6).toString('hex')}.unfinished`
  await host.upload(directory, unfinished)
  const { code, stderr } = await host.run(['sh', '-c', ARRIVE, 'sh', unfinished, target])
  if (code !== 0) throw new HostCopyError({ host: host.name, from: directory, to: target, reason: stderr })
  return target
}

/** Folders of a host's cache that nobody can need after so long: copies are made again, and a training that far back starts again. */
const KEEP_DAYS = 30
const CLEAR = `
find "$1/trainings" "$1/servers" "$1/adapters" "$1/runner" -mindepth 1 -maxdepth 1 -type d -mtime +${KEEP_DAYS} -exec rm -rf {} +
find "$1/models" -mindepth 1 -maxdepth 1 -type d -name '*.unfinished' -mtime +2 -exec rm -rf {} +
true`

/** Removes trainings, servers' files, adapters and runners that were not used for 30 days. Whole models stay: they are costly to bring. */
export async function clearOldFolders(host: Host): Promise<void> {
  await host.run(['sh', '-c', CLEAR, 'sh', await host.cacheDirectory()])
}
