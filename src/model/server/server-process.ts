/**
 * @file One life of a model server: started attached on a host, waited for, reached through a port, ended. It knows nothing of models or restarts.
 */
import { posix } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Host, HostProcess, PortForward } from '../../host/host.ts'
import { createCompletionsClient } from './completions-client.ts'
import { ServerStartFailedError } from './errors.ts'
import { serveEnvironment, serveSpec, vllmCommand, vllmEnvironment } from './server-launch.ts'
import type { RunnerLaunch, ServerLaunch, VllmLaunch } from './server-launch.ts'

export interface ServerProcessOptions {
  readonly host: Host
  readonly launch: ServerLaunch
  /** Folder on the host for the server's files; its log is `server.log`. */
  readonly directory: string
  /** Added to the environment, such as PYTHONPATH of the runner. */
  readonly env?: Readonly<Record<string, string>>
  readonly token: string
  /** How long loading may take. */
  readonly startTimeoutMs: number
}

/** A server that answers. */
export interface ServerProcess {
  /** Its address as this machine must call it now. */
  url(): string
  isAlive(): Promise<boolean>
  /** The failure to report when it is found dead, with the end of its log. */
  failure(problem: string): Promise<ServerStartFailedError>
  stop(): Promise<void>
}

const LOG_BYTES = 4000
const FIRST_POLL_MS = 100
const LONGEST_POLL_MS = 1000
const STOP_GRACE_MS = 5000
const HEALTH_TIMEOUT_MS = 5000

const addressSchema = z.object({ url: z.string() })

/** Starts a server and waits until it answers. @throws ServerStartFailedError, errors of the host */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { host, launch, directory } = options
  const log = posix.join(directory, 'server.log')
  const logStart = (await host.readFrom(log, 0)).length
  const start = launch.kind === 'runner' ? await prepareRunner(options, launch) : await prepareVllm(options, launch)
  const env = { HOLDFAST_ATTACHED: '1', PYTHONUNBUFFERED: '1', HF_HUB_DISABLE_TELEMETRY: '1', TOKENIZERS_PARALLELISM: 'false' }
  const program = await host.start({
    command: start.command,
    env: { ...env, ...options.env, ...start.env },
    directory,
    log,
    life: 'attached',
  })
  const forwards: PortForward[] = []
  const server: ServerProcess = {
    url: () => `http://127.0.0.1:${forwards[0]?.port ?? 0}`,
    isAlive: () => program.isAlive(),
    failure: async (problem) => {
      const text = new TextDecoder().decode(await host.readFrom(log, logStart)).slice(-LOG_BYTES)
      return new ServerStartFailedError({ where: host.isLocal ? log : `${host.name}, ${log}`, problem, log: text })
    },
    stop: async () => {
      await endProgram(program)
      await Promise.all(forwards.map((forward) => forward.close()))
      await start.cleanUp()
    },
  }
  try {
    await untilReady(server, options, async () => {
      const port = forwards.length === 0 ? await start.findPort() : null
      if (port !== null) forwards.push(await host.reachPort(port))
      return forwards.length > 0
    })
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

interface PreparedStart {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The port on the host, null while the server has none. */
  findPort(): Promise<number | null>
  cleanUp(): Promise<void>
}

async function prepareRunner({ host, directory, token }: ServerProcessOptions, launch: RunnerLaunch): Promise<PreparedStart> {
  const [specFile, addressFile] = [posix.join(directory, 'serve.json'), posix.join(directory, 'address.json')]
  await host.remove(addressFile)
  await host.writeFile(specFile, serveSpec(launch, addressFile))
  return {
    command: [...launch.command, specFile],
    env: serveEnvironment(token),
    findPort: async () => {
      const bytes = await host.readFrom(addressFile, 0)
      return bytes.length === 0 ? null : Number(new URL(addressSchema.parse(JSON.parse(new TextDecoder().decode(bytes))).url).port)
    },
    cleanUp: async () => {
      await host.remove(specFile)
      await host.remove(addressFile)
    },
  }
}

/** Another program could take the free port before vLLM does; then vLLM ends, and says so in its log. */
async function prepareVllm({ host, token }: ServerProcessOptions, launch: VllmLaunch): Promise<PreparedStart> {
  const script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
  const { stdout } = await host.run([launch.python, '-c', script])
  const port = Number(stdout)
  return {
    command: vllmCommand(launch, port),
    env: vllmEnvironment(token),
    findPort: () => Promise.resolve(port),
    cleanUp: () => Promise.resolve(),
  }
}

async function untilReady(
  server: ServerProcess,
  { startTimeoutMs, token }: ServerProcessOptions,
  isReachable: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  for (let waitMs = FIRST_POLL_MS; ; waitMs = Math.min(LONGEST_POLL_MS, waitMs * 1.5)) {
    if (await isReachable()) {
      const client = createCompletionsClient({ url: server.url(), token, timeoutMs: HEALTH_TIMEOUT_MS, retries: 0 })
      if (await client.health()) return
    }
    if (!(await server.isAlive())) throw await server.failure('ended before it could answer')
    if (performance.now() > deadline) throw await server.failure(`did not answer within ${Math.round(startTimeoutMs / 1000)} seconds`)
    await delay(waitMs)
  }
}

async function endProgram(program: HostProcess): Promise<void> {
  for (const signal of ['TERM', 'KILL'] as const) {
    await program.signal(signal)
    const deadline = performance.now() + STOP_GRACE_MS
    while (performance.now() < deadline) {
      if (!(await program.isAlive())) return
      await delay(50)
    }
  }
}
