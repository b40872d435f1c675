/**
 * @file How each kind of server is started: its program, arguments and files. It starts nothing.
 */
import { posix } from 'node:path'

/** A base model as a server finds it: a folder on its machine, or a hub id with its revision. */
export interface ServedBase {
  readonly path: string
  readonly revision: string | null
}

/** Holdfast's own server: what its `serve.json` says besides the address file. */
export interface RunnerLaunch {
  readonly kind: 'runner'
  /** Program and arguments before the file's path, such as `python -m holdfast_runner serve`. */
  readonly command: readonly string[]
  readonly base: ServedBase
  /** Name under which the base is served. */
  readonly name: string
  readonly stopIds: readonly number[]
  readonly padId: number
  readonly device: Readonly<Record<string, unknown>>
}

/** vLLM's server. Started through the runner's `serving_attached`, because vLLM itself goes on when whoever started it is gone. */
export interface VllmLaunch {
  readonly kind: 'vllm'
  /** The Python whose environment has vLLM and can import the runner. */
  readonly python: string
  readonly base: ServedBase
  readonly name: string
  readonly stopIds: readonly number[]
  /** Largest rank of the adapters that will be loaded. */
  readonly maxLoraRank: number
  /** Adapters in memory at a time. */
  readonly maxLoras: number
  /** As the trainer loads it, so that what is graded is what was trained. */
  readonly precision: 'f32' | 'bf16' | '4bit'
  readonly seed: number
  /** Share of the device's memory that vLLM may take. */
  readonly memoryShare: number
  /** Longest prompt and completion together; null leaves it to the model. */
  readonly maxTokens: number | null
}

export type ServerLaunch = RunnerLaunch | VllmLaunch

/** Ranks that vLLM accepts for `--max-lora-rank`. */
const VLLM_RANKS = [8, 16, 32, 64, 128, 256, 320, 512]

/** The text of `serve.json`. The token goes by `serveEnvironment`: a file would outlive a process that is killed. */
export function serveSpec({ base, name, stopIds, padId, device }: RunnerLaunch, addressFile: string): string {
  return JSON.stringify({ schemaVersion: 1, base, name, stopIds, padId, device, addressFile })
}

/** The environment of Holdfast's own server. */
export function serveEnvironment(token: string): Readonly<Record<string, string>> {
  return { HOLDFAST_SERVE_TOKEN: token }
}

/**
 * The command of vLLM on a port of 127.0.0.1. The token goes by `vllmEnvironment`, because arguments can be read by every user of a machine.
 * Not run on this project's machines, which have no GPU: arguments follow vLLM's documentation (0.19 to 0.28).
 */
export function vllmCommand(launch: VllmLaunch, port: number): readonly string[] {
  const { python, base, name, precision, maxTokens } = launch
  return [
    ...[python, '-m', 'holdfast_runner.serving_attached', posix.join(posix.dirname(python), 'vllm')],
    ...['serve', base.path, ...(base.revision === null ? [] : ['--revision', base.revision])],
    ...['--served-model-name', name, '--host', '127.0.0.1', '--port', String(port)],
    ...['--enable-lora', '--max-lora-rank', String(vllmRank(launch.maxLoraRank)), '--max-loras', String(launch.maxLoras)],
    ...['--dtype', precision === 'f32' ? 'float32' : 'bfloat16', ...(precision === '4bit' ? ['--quantization', 'bitsandbytes'] : [])],
    ...['--seed', String(launch.seed), '--gpu-memory-utilization', String(launch.memoryShare)],
    ...(maxTokens === null ? [] : ['--max-model-len', String(maxTokens)]),
    // Otherwise the model's own generation_config.json would change how tokens are drawn.
    ...['--generation-config', 'vllm', '--logprobs-mode', 'raw_logprobs'],
  ]
}

/** vLLM's environment: adapters may be loaded while it runs, and requests need the token. */
export function vllmEnvironment(token: string): Readonly<Record<string, string>> {
  return { VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True', VLLM_API_KEY: token, VLLM_NO_USAGE_STATS: '1' }
}

function vllmRank(rank: number): number {
  return VLLM_RANKS.find((accepted) => accepted >= rank) ?? rank
}
