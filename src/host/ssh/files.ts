/**
 * @file Single files of a host behind ssh: write whole, read from an offset, look, remove.
 */
import { dirname } from 'node:path/posix'
import { randomBytes } from 'node:crypto'
import { HostFileError } from '../errors.ts'
import { quoteShell } from '../quote-shell.ts'
import { runScript } from '../run-script.ts'
import type { SshConnection } from './connection.ts'
import type { ScriptResult } from './session.ts'

/** The host's connection and its name for messages. */
export interface RemoteHost {
  readonly connection: SshConnection
  readonly name: string
}

/** A new file to write on a host. */
export interface NewFile {
  readonly path: string
  readonly content: string
  readonly isSecret: boolean
}

/** `HOLDFAST_CACHE` as the host's own sessions have it, else `.cache/holdfast` in the home directory there. */
export async function remoteCacheDirectory(host: RemoteHost): Promise<string> {
  const { stdout } = checked(host, '~', await runScript(host.connection, `printf '%s' "\${HOLDFAST_CACHE:-$HOME/.cache/holdfast}"`))
  return stdout.toString()
}

/** Writes a file whole: the size is compared before the rename, because a connection that is cut ends the content early. */
export async function writeRemoteFile(host: RemoteHost, { path, content, isSecret }: NewFile): Promise<void> {
  const [target, temporary] = [quoteShell(path), quoteShell(`${path}.${randomBytes(6).toString('hex')}.tmp`)]
  const script = [
    `mkdir -p -- ${quoteShell(dirname(path))} || exit`,
    isSecret ? 'umask 077' : '',
    `if [ -d ${target} ]; then echo 'it is a directory' >&2; exit 1; fi`,
    `cat >${temporary} && [ "$(wc -c <${temporary})" -eq ${Buffer.byteLength(content)} ] && mv -f -- ${temporary} ${target} && exit`,
    `rm -f -- ${temporary}`,
    'exit 1',
  ].join('\n')
  checked(host, path, await runScript(host.connection, script, content))
}

/** Bytes from `offset` on; empty when the file is missing. */
export async function readRemoteFile(host: RemoteHost, path: string, offset: number): Promise<Uint8Array> {
  const file = quoteShell(path)
  // Read through stdin: a file's name never becomes an option.
  const script = `[ -e ${file} ] || exit 0\ntail -c +${offset + 1} <${file}`
  return checked(host, path, await runScript(host.connection, script)).stdout
}

/** Whether there is a file or folder of this name. */
export async function remoteFileExists(host: RemoteHost, path: string): Promise<boolean> {
  return (await runScript(host.connection, `[ -e ${quoteShell(path)} ]`)).code === 0
}

/** Removes a file, or a folder with all it holds; nothing happens when it is missing. */
export async function removeRemoteFile(host: RemoteHost, path: string): Promise<void> {
  checked(host, path, await runScript(host.connection, `rm -rf -- ${quoteShell(path)}`))
}

function checked(host: RemoteHost, path: string, result: ScriptResult): ScriptResult {
  if (result.code !== 0) throw new HostFileError({ host: host.name, path, reason: result.stderr })
  return result
}
