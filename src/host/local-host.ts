/**
 * @file This machine as a host.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCodeOf, fileWriteFailure } from '../base/file-errors.ts'
import { cacheDirectory } from '../base/hub-repository.ts'
import { HostCopyError, HostFileError } from './errors.ts'
import type { Host, PortForward } from './host.ts'
import { runLocalCommand } from './local-command.ts'
import { localProcess, startLocal, type LocalAttached } from './local-process.ts'

const NAME = 'this machine'
const CLOSE_GRACE_MS = 2000

/** This machine: files are files, ports are ports, and folders that are the same are not copied. */
export function createLocalHost(): Host {
  const attached = new Set<LocalAttached>()
  return {
    name: NAME,
    isLocal: true,
    cacheDirectory: () => Promise.resolve(cacheDirectory()),
    run: runLocalCommand,
    start: async (options) => {
      const program = await startLocal(options, NAME)
      if (options.life === 'attached') attached.add(program)
      return program.process
    },
    attach: (pid) => Promise.resolve(localProcess(pid)),
    upload: copyFolder,
    download: copyFolder,
    writeFile: (path, content, { secret = false } = {}) => replaceFile(path, content, secret ? 0o600 : 0o666),
    readFrom: (path, offset) => named(path, readBytes(path, offset)),
    exists: (path) => Promise.resolve(existsSync(path)),
    remove: (path) => named(path, rm(path, { recursive: true, force: true })),
    exposePort: (localPort) => Promise.resolve(samePort(localPort)),
    reachPort: (hostPort) => Promise.resolve(samePort(hostPort)),
    close: async () => {
      await Promise.all([...attached].map((program) => program.end(CLOSE_GRACE_MS)))
      attached.clear()
    },
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (resolve(from) === resolve(to)) return
  try {
    await mkdir(to, { recursive: true })
    await cp(from, to, { recursive: true, verbatimSymlinks: true })
  } catch (cause) {
    throw new HostCopyError({ host: NAME, from, to, reason: cause instanceof Error ? cause.message : String(cause) })
  }
}

async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content, { mode, flush: true })
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw fileWriteFailure(path, cause)
  }
}

async function readBytes(path: string, offset: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (file === null) return new Uint8Array()
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(Math.max(0, size - offset))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function named<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new HostFileError({ host: NAME, path, reason: cause instanceof Error ? cause.message : String(cause) })
  }
}

function samePort(port: number): PortForward {
  return { port, onChange: () => {}, close: () => Promise.resolve() }
}
