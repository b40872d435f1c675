/**
 * @file The server of one slot of a trl trainer: started when a model is first opened, stopped when the device is needed for training, started again
 * after. Models stay valid only until it is stopped.
 */
import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { startServer, type ManagedServer } from '../../model/server/managed-server.ts'
import { ServedModels } from '../../model/server/served-models.ts'
import type { ServerLaunch } from '../../model/server/server-launch.ts'
import type { AdapterDirectory } from '../../model/embedded-base.ts'
import type { OpenModel } from '../driver.ts'
import type { TrlSetting } from './setting.ts'

/** Share of a card's memory that vLLM takes while nothing trains. */
const VLLM_MEMORY_SHARE = 0.85
const BASE_NAME = 'base'

interface RunningServer {
  readonly server: ManagedServer
  readonly models: ServedModels
  /** Copies of adapters on another machine. */
  readonly copies: string
}

/** Opens models on a server of its own. */
export class TrlServer {
  readonly #setting: TrlSetting
  readonly #slot: { readonly index: number; readonly visible: string | null }
  #running: Promise<RunningServer> | null = null

  constructor(setting: TrlSetting, slot: { readonly index: number; readonly visible: string | null }) {
    this.#setting = setting
    this.#slot = slot
  }

  /** @throws SERVER_START_FAILED, CANARY_DIFFERS, errors of the host */
  async open(adapter: AdapterDirectory | null): Promise<OpenModel> {
    this.#running ??= this.#start()
    const { models } = await this.#running.catch((error: unknown) => {
      this.#running = null
      throw error
    })
    const served = await models.serve(adapter)
    return {
      model: served.model,
      kl: async (answers) => (adapter === null ? 0 : answers.length === 0 ? null : meanOf(await served.kl(answers))),
      close: () => served.close(),
    }
  }

  async stop(): Promise<void> {
    const running = this.#running
    this.#running = null
    const stopped = await running?.catch(() => null)
    if (stopped == null) return
    await stopped.server.stop()
    // The log stays: a failure may have named it.
    await this.#setting.host.remove(stopped.copies)
  }

  async #start(): Promise<RunningServer> {
    const { host, packageFolder, device, tokenizer, weights, runtime } = this.#setting
    const directory = posix.join(await host.cacheDirectory(), 'servers', `s-${randomBytes(6).toString('hex')}`)
    await host.run(['mkdir', '-p', directory])
    const { visible } = this.#slot
    const server = await startServer({
      host,
      launch: this.#launch(),
      directory,
      env: serverEnvironment(packageFolder, { visible, threads: this.#setting.options.threads }),
    })
    const identity = {
      base: weights.hash,
      tokenizer: tokenizer.hash,
      precision: device.precision,
      device: device.name,
      engine: runtime,
      stopIds: weights.stopIds,
      decoder: tokenizer.decoderHash,
    }
    const copies = posix.join(directory, 'adapters')
    return { server, models: new ServedModels({ server, host, directory: copies, tokenizer, identity }), copies }
  }

  #launch(): ServerLaunch {
    const { basePath, device, environment, weights, padId, options, request } = this.#setting
    const base = { path: basePath, revision: null }
    const common = { base, name: BASE_NAME, stopIds: weights.stopIds }
    if (device.evaluation === 'vllm') {
      const own = {
        python: environment.python,
        maxLoraRank: largestRank(this.#setting),
        maxLoras: 4,
        precision: device.precision,
        seed: request.seed,
      }
      return { ...common, ...own, kind: 'vllm', memoryShare: VLLM_MEMORY_SHARE, maxTokens: null }
    }
    const { kind, precision } = device
    const settings = { kind, threads: options.threads ?? null, precision, gradientCheckpointing: false, microBatchSize: null, vllm: false }
    return { ...common, kind: 'runner', command: [environment.python, '-m', 'holdfast_runner', 'serve'], padId, device: settings }
  }
}

/** Mean over all tokens of all answers; null where the server cannot tell. */
function meanOf(values: readonly (readonly number[])[] | null): number | null {
  const all = values?.flat() ?? []
  return all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length
}

/** With merged starts every round's adapter holds its parents too, side by side. */
function largestRank({ request, options }: TrlSetting): number {
  const rounds = new Set(request.trainings.map(({ round }) => round)).size
  return request.lora.rank * (options.start === 'merge' ? rounds : 1)
}

/** As the runner's own (src/trainer/trl/runner/process.ts), so that both can be forks of one process. */
function serverEnvironment(
  packageFolder: string,
  { visible, threads }: { readonly visible: string | null; readonly threads: number | undefined },
): Readonly<Record<string, string>> {
  return {
    ...{ PYTHONPATH: packageFolder, PYTHONDONTWRITEBYTECODE: '1', OMP_WAIT_POLICY: 'passive' },
    ...(visible === null ? {} : { CUDA_VISIBLE_DEVICES: visible }),
    ...(threads === undefined ? {} : { OMP_NUM_THREADS: String(threads) }),
  }
}
