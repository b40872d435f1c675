/**
 * @file Copies folders to and from a host: tar here, tar there, a session between them. A copy that was cut is made again from its beginning.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { HostCopyError } from '../errors.ts'
import { quoteShell } from '../quote-shell.ts'
import type { Attempt } from './connection.ts'
import type { RemoteHost } from './files.ts'
import { openSession, readAll, type SessionAddress, type SessionEnd } from './session.ts'

/** Which folder's contents go into which folder. */
export interface CopyPaths {
  readonly from: string
  readonly to: string
}

/** Files belong to whoever unpacks them; macOS's tar must not add its own. */
const UNPACK = ['-x', '-f', '-', '--no-same-owner']
const TAR_ENV = { COPYFILE_DISABLE: '1' }

/** Why a copy failed; empty when it did not. */
type CopyProblem = string

/** Copies the contents of a folder here into a folder of the host. @throws HostCopyError */
export async function uploadFolder(host: RemoteHost, paths: CopyPaths): Promise<void> {
  const to = quoteShell(paths.to)
  const script = `mkdir -p -- ${to} && cd -- ${to} && exec tar ${UNPACK.join(' ')}`
  refuse(host, paths, await host.connection.retry((address) => attemptUpload(address, script, paths.from)))
}

/** Copies the contents of a folder of the host into a folder here. @throws HostCopyError */
export async function downloadFolder(host: RemoteHost, paths: CopyPaths): Promise<void> {
  await mkdir(paths.to, { recursive: true }).catch((cause: unknown) => refuse(host, paths, String(cause)))
  const script = `cd -- ${quoteShell(paths.from)} && COPYFILE_DISABLE=1 exec tar -c -f - .`
  refuse(host, paths, await host.connection.retry((address) => attemptDownload(address, script, paths.to)))
}

function refuse(host: RemoteHost, paths: CopyPaths, problem: CopyProblem): void {
  if (problem !== '') throw new HostCopyError({ host: host.name, ...paths, reason: problem })
}

async function attemptUpload(address: SessionAddress, script: string, directory: string): Promise<Attempt<CopyProblem>> {
  const session = openSession(address, script)
  const tar = spawn('tar', ['-c', '-h', '-f', '-', '-C', directory, '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...TAR_ENV },
  })
  const packed = tarProblem(tar, tar.stderr).finally(() => session.stdin.end())
  tar.stdout.pipe(session.stdin)
  // A client that ended reads no more: without this tar would wait for it for ever.
  session.stdin.once('close', () => tar.stdout.destroy())
  const [, stderr, end, problem] = await Promise.all([readAll(session.stdout), readAll(session.stderr), session.ended, packed])
  return outcomeOf(end, problem, stderr)
}

async function attemptDownload(address: SessionAddress, script: string, directory: string): Promise<Attempt<CopyProblem>> {
  const session = openSession(address, script)
  session.stdin.end()
  const tar = spawn('tar', [...UNPACK, '-C', directory], { stdio: ['pipe', 'ignore', 'pipe'] })
  tar.stdin.on('error', () => {})
  let ownProblem = ''
  const unpacked = tarProblem(tar, tar.stderr).then((problem) => {
    if (problem === '' || session.stdout.readableEnded) return problem
    // It gave up before everything had come: trying again would end the same way.
    ownProblem = problem
    session.cut()
    session.stdout.resume()
    return problem
  })
  session.stdout.pipe(tar.stdin)
  const [stderr, end, problem] = await Promise.all([readAll(session.stderr), session.ended, unpacked])
  return ownProblem === '' ? outcomeOf(end, problem, stderr) : { isLost: false, value: ownProblem }
}

/** Warnings of a tar that ended well are no problem. */
function outcomeOf(end: SessionEnd, ownProblem: CopyProblem, hostStderr: Buffer): Attempt<CopyProblem> {
  if (end.code === null) return { isLost: true, reason: end.problem || 'nothing', hasBegun: end.hasBegun }
  const hostProblem = end.code === 0 ? '' : hostStderr.toString().trim() || `tar on the host ended with code ${end.code}`
  return { isLost: false, value: [ownProblem, hostProblem].filter((problem) => problem !== '').join('; ') }
}

/** What this machine's tar had to say against its end; empty when it ended well. */
async function tarProblem(tar: ChildProcess, stderr: Readable): Promise<CopyProblem> {
  const ended = new Promise<string>((resolve) => {
    tar.once('error', (cause) => resolve(`tar could not be started here (${cause.message})`))
    tar.once('close', (code) => resolve(code === 0 ? '' : `tar here ended with code ${code}`))
  })
  const [text, problem] = await Promise.all([readAll(stderr), ended])
  return problem === '' ? '' : text.toString().trim() || problem
}
