/**
 * @file The one connection to a host that all sessions and forwards share. It ends when this process ends, however that happens: its remote command reads a
 * pipe that only this process holds.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { masterArguments, spawnSsh, whenEnded, type MasterSettings, type SshProcess } from './client.ts'

/** A connection that stands. */
export interface SshMaster {
  readonly socket: string
  /** Fulfilled when the connection is gone. */
  readonly ended: Promise<unknown>
  isAlive(): boolean
  close(): Promise<void>
}

const READY = 'holdfast-connected'
const CLOSE_GRACE_MS = 1000
/** For what ssh's own ConnectTimeout leaves out: key exchange and authentication. */
const HANDSHAKE_MS = 30_000

/** Where the control socket lies, and what ends an attempt that is no longer wanted. */
export interface MasterSocket {
  readonly socket: string
  readonly signal: AbortSignal
}

/** Connects; gives ssh's own words when that fails. @throws SshMissingError */
export async function openMaster(
  settings: MasterSettings,
  { socket, signal }: MasterSocket,
): Promise<SshMaster | { readonly stderr: string }> {
  const child = spawnSsh(masterArguments(settings, socket, `exec sh -c 'echo ${READY}; exec cat >/dev/null'`))
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => (stderr = (stderr + bytes.toString()).slice(-4000)))
  const ended = whenEnded(child, settings.target.name)
  const giveUp = (): boolean => child.kill('SIGTERM')
  const limit = setTimeout(giveUp, settings.connectTimeoutSeconds * 1000 + HANDSHAKE_MS)
  signal.addEventListener('abort', giveUp)
  const isReady = await Promise.race([whenReady(child), ended.then(() => false)]).finally(() => {
    clearTimeout(limit)
    signal.removeEventListener('abort', giveUp)
  })
  return isReady ? masterOf(child, socket, ended) : { stderr }
}

function whenReady(child: SshProcess): Promise<true> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text = (text + bytes.toString()).slice(-4000)
      if (text.includes(READY)) resolve(true)
    })
  })
}

function masterOf(child: SshProcess, socket: string, gone: Promise<unknown>): SshMaster {
  const close = async (): Promise<void> => {
    child.stdin.end()
    await Promise.race([gone, delay(CLOSE_GRACE_MS, undefined, { ref: false })])
    child.kill('SIGTERM')
    await Promise.race([gone, delay(CLOSE_GRACE_MS, undefined, { ref: false })])
    child.kill('SIGKILL')
    await gone
  }
  return { socket, ended: gone, isAlive: () => child.exitCode === null && child.signalCode === null, close }
}
