/**
 * @file Keeps one connection to a host: made when first needed, made again when it was lost, and everything that uses it is tried again for a bounded time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HostClosedError, HostUnreachableError } from '../errors.ts'
import type { MasterSettings } from './client.ts'
import { lastingFailure, reasonOf } from './failure.ts'
import { openMaster, type SshMaster } from './master.ts'
import type { SessionAddress } from './session.ts'

/** What one try of an operation gave. `hasBegun`: the host had started on it before the connection was lost. */
export type Attempt<T> =
  | { readonly isLost: false; readonly value: T }
  | { readonly isLost: true; readonly reason: string; readonly hasBegun: boolean }

/** How long to try. */
export interface ConnectionSettings extends MasterSettings {
  /** From the loss of a connection on. */
  readonly retryForMs: number
  /** Until the first connection stands: a mistyped name should not take minutes. */
  readonly firstRetryForMs: number
}

const MAX_RESTARTS = 10
const [FIRST_PAUSE_MS, MAX_PAUSE_MS] = [200, 15_000]

/** A connection that is made again when it was lost. */
export class SshConnection {
  readonly #settings: ConnectionSettings
  readonly #directory: string
  readonly #removeDirectory: () => void
  readonly #closing = new AbortController()
  /** Called with each new connection before operations use it. */
  onConnected: (address: SessionAddress) => Promise<void> = () => Promise.resolve()
  /** Whether a lost connection is to be made again before somebody asks for it. */
  isNeeded: () => boolean = () => false
  #master: SshMaster | null = null
  #connecting: Promise<Attempt<SshMaster>> | null = null
  #connections = 0

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
    this.#directory = mkdtempSync(join(socketRoot(), 'hf-'))
    this.#removeDirectory = () => rmSync(this.#directory, { recursive: true, force: true })
    process.once('exit', this.#removeDirectory)
  }

  /**
   * Tries `operation` until it is not lost.
   * @throws HostUnreachableError, HostKeyRefusedError, HostAuthRefusedError, SshMissingError, HostClosedError
   */
  async retry<T>(operation: (address: SessionAddress) => Promise<Attempt<T>>): Promise<T> {
    let deadline = Date.now() + this.#retryForMs()
    let restarts = 0
    for (let failures = 0; ; failures++) {
      const attempt = await this.#attempt(operation)
      if (!attempt.isLost) return attempt.value
      if (attempt.hasBegun && restarts++ < MAX_RESTARTS) {
        failures = 0
        deadline = Date.now() + this.#retryForMs()
      }
      if (Date.now() >= deadline) throw new HostUnreachableError({ host: this.#settings.target.name, reason: attempt.reason })
      await this.#pause(failures, deadline)
    }
  }

  /** One try at an operation when the connection stands, for work that is not worth waiting for a host. */
  async tryNow<T>(operation: (address: SessionAddress) => Promise<Attempt<T>>): Promise<T | null> {
    if (this.#master?.isAlive() !== true) return null
    const attempt = await operation(this.#addressOf(this.#master))
    return attempt.isLost ? null : attempt.value
  }

  /** Ends the connection; operations that wait for one are refused. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connecting?.catch(() => null)
    await this.#master?.close()
    process.off('exit', this.#removeDirectory)
    this.#removeDirectory()
  }

  #retryForMs(): number {
    return this.#connections === 0 ? this.#settings.firstRetryForMs : this.#settings.retryForMs
  }

  async #attempt<T>(operation: (address: SessionAddress) => Promise<Attempt<T>>): Promise<Attempt<T>> {
    this.#refuseWhenClosed()
    const connected = await this.#connect()
    this.#refuseWhenClosed()
    return connected.isLost ? connected : operation(this.#addressOf(connected.value))
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw new HostClosedError({ host: this.#settings.target.name })
  }

  #addressOf(master: SshMaster): SessionAddress {
    return { socket: master.socket, hostName: this.#settings.target.name }
  }

  async #connect(): Promise<Attempt<SshMaster>> {
    if (this.#master?.isAlive() === true) return { isLost: false, value: this.#master }
    this.#connecting ??= this.#connectAnew().finally(() => (this.#connecting = null))
    return this.#connecting
  }

  async #connectAnew(): Promise<Attempt<SshMaster>> {
    const { target } = this.#settings
    // Each connection has a socket of its own, so that what a lost one left behind is never taken for the new one.
    const socket = join(this.#directory, String(this.#connections))
    const opened = await openMaster(this.#settings, { socket, signal: this.#closing.signal })
    if ('stderr' in opened) {
      const failure = lastingFailure(target.name, opened.stderr)
      if (failure !== null) throw failure
      return { isLost: true, reason: reasonOf(opened.stderr), hasBegun: false }
    }
    this.#master = opened
    this.#connections++
    await this.onConnected(this.#addressOf(opened))
    void opened.ended.then(() => this.#reconnectWhenNeeded())
    return { isLost: false, value: opened }
  }

  /** Goes on for as long as it is needed: a host may come back after hours. A lasting failure is left to the next operation, which can report it. */
  async #reconnectWhenNeeded(): Promise<void> {
    for (let failures = 0; this.isNeeded() && !this.#closing.signal.aborted; failures++) {
      const connected = await this.#connect().catch(() => null)
      if (connected === null || !connected.isLost) return
      await this.#pause(failures, Number.POSITIVE_INFINITY)
    }
  }

  async #pause(failures: number, deadline: number): Promise<void> {
    const backOffMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10))
    // Not all clients of a host come back at the same moment.
    const jitteredMs = backOffMs * (0.75 + Math.random() / 2)
    const pauseMs = Math.max(0, Math.min(jitteredMs, deadline - Date.now()))
    // Ended early by close(): whoever waits finds the connection closed next.
    await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => {})
  }
}

/** A socket's path has at most 104 bytes, of which our folder takes 13 and ssh, while it makes the socket, 17. */
function socketRoot(): string {
  return Buffer.byteLength(tmpdir()) > 70 ? '/tmp' : tmpdir()
}
