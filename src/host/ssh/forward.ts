/**
 * @file Ports forwarded through the master connection, made anew on each new one.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { HostForwardError } from '../errors.ts'
import type { PortForward } from '../host.ts'
import { controlArguments, runSsh } from './client.ts'
import type { Attempt, SshConnection } from './connection.ts'
import { reasonOf } from './failure.ts'
import type { SessionAddress } from './session.ts'

/** `fromHost`: programs there reach `targetPort` of this machine; `toHost`: this machine reaches `targetPort` there. */
export interface ForwardSpec {
  readonly direction: 'fromHost' | 'toHost'
  readonly targetPort: number
}

interface OpenForward {
  readonly spec: ForwardSpec
  readonly listeners: ((port: number) => void)[]
  /** What the master was asked for: it wants the same words to cancel. */
  asked: string
  port: number
}

const TRIES_ANEW = 5
const WAIT_MS = 100

const REFUSED = /forwarding request failed|forwarding failed|administratively prohibited/i

/** The open forwards of one host. */
export class SshForwards {
  readonly #connection: SshConnection
  readonly #open = new Set<OpenForward>()

  constructor(connection: SshConnection) {
    this.#connection = connection
    connection.isNeeded = () => this.#open.size > 0
    connection.onConnected = (address) => this.#makeAnew(address)
  }

  /** Opens a forward. `onChange` is called whenever it was made anew, with the same port where that was free. @throws HostForwardError */
  async open(spec: ForwardSpec): Promise<PortForward> {
    const forward: OpenForward = { spec, listeners: [], asked: '', port: 0 }
    await this.#connection.retry(async (address) => {
      const attempt = await establish(address, forward)
      if (!attempt.isLost) this.#open.add(forward)
      return attempt
    })
    return {
      get port() {
        return forward.port
      },
      onChange: (listener) => void forward.listeners.push(listener),
      close: () => this.#close(forward),
    }
  }

  /** One that cannot be made on this connection is left as it is: the next connection tries again. */
  async #makeAnew(address: SessionAddress): Promise<void> {
    for (const forward of this.#open) {
      if (await isMadeAnew(address, forward)) for (const listener of forward.listeners) listener(forward.port)
    }
  }

  async #close(forward: OpenForward): Promise<void> {
    if (!this.#open.delete(forward)) return
    // The master has one entry for equal requests.
    if ([...this.#open].some(({ spec, asked }) => spec.direction === forward.spec.direction && asked === forward.asked)) return
    await this.#connection.tryNow(async (address) => {
      await runSsh(controlArguments(address.socket, 'cancel', [flagOf(forward.spec), forward.asked]), address.hostName)
      return { isLost: false, value: null }
    })
  }
}

/** Right after a cut the master may not take the request yet, though its connection stands: nobody else would ask again. */
async function isMadeAnew(address: SessionAddress, forward: OpenForward): Promise<boolean> {
  for (let tries = 1; tries <= TRIES_ANEW; tries++) {
    const attempt = await establish(address, forward).catch(() => null)
    if (attempt?.isLost === false) return true
    await delay(WAIT_MS * tries)
  }
  return false
}

/** Asks for the port it had before, so that whoever was told it can go on; for any other when that is taken. */
async function establish(address: SessionAddress, forward: OpenForward): Promise<Attempt<null>> {
  if (forward.port !== 0) {
    const same = await request(address, forward, forward.port).catch(() => null)
    if (same !== null) return same
  }
  return request(address, forward, forward.spec.direction === 'fromHost' ? 0 : await freePort())
}

async function request(address: SessionAddress, forward: OpenForward, port: number): Promise<Attempt<null>> {
  const { spec } = forward
  const asked = `127.0.0.1:${port}:127.0.0.1:${spec.targetPort}`
  const { code, stdout, stderr } = await runSsh(controlArguments(address.socket, 'forward', [flagOf(spec), asked]), address.hostName)
  if (code !== 0 && REFUSED.test(stderr))
    throw new HostForwardError({ host: address.hostName, port: spec.targetPort, reason: reasonOf(stderr) })
  if (code !== 0) return { isLost: true, reason: reasonOf(stderr), hasBegun: false }
  forward.asked = asked
  // The master prints the port only when it was left open.
  forward.port = port === 0 ? Number(stdout.trim()) : port
  return { isLost: false, value: null }
}

function flagOf(spec: ForwardSpec): '-R' | '-L' {
  return spec.direction === 'fromHost' ? '-R' : '-L'
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
