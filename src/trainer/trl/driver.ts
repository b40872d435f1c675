/**
 * @file The trl trainer: rounds on Hugging Face TRL and PEFT in a Python process, on this machine or another, on a GPU where there is one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { sha256 } from '../../base/hash.ts'
import type { TrainerChoice, TrainerDriver } from '../driver.ts'
import { refuseTrl } from './refuse.ts'

/** Options of `trl()`. Everything has a default; what is left out is chosen from what the machine has. */
export interface TrlOptions {
  /** `ssh://user@gpu1`: train and evaluate there. Default: this machine. */
  readonly host?: string
  /** Python of an environment of your own, instead of the one that `holdfast trainer setup` makes. A path on the host. */
  readonly python?: string
  /** Default `auto`: cuda where there is one. */
  readonly device?: 'auto' | 'cpu' | 'cuda'
  /** Devices of which each takes one arm at a time: `['cuda:0', 'cuda:1']`. Default: one. */
  readonly devices?: readonly string[]
  /** Default `auto`: bf16 on cuda, f32 on the CPU. `4bit` is QLoRA, on cuda only. Grades are taken at the same precision. */
  readonly precision?: 'auto' | 'f32' | 'bf16' | '4bit'
  /** What answers the evals. Default `auto`: vLLM on cuda where it is installed, else the runner itself. `embedded` grades on the embedded engine. */
  readonly evaluation?: 'auto' | 'runner' | 'vllm' | 'embedded'
  /** Whether a round trains its parent's adapter on, or merges it and starts a new one. Default `continue`. */
  readonly start?: 'continue' | 'merge'
  /** Whether control arms run without being named; they cost device hours. Default false. */
  readonly controls?: boolean
  /** An accelerate config file for several processes; its launcher starts the runner. */
  readonly accelerate?: string
  readonly gradientCheckpointing?: boolean
  /** Sequences per forward and backward pass. Default: the whole batch. */
  readonly microBatchSize?: number
  /** Sample with vLLM inside the trainer; on cuda only. Default false. */
  readonly vllm?: boolean
  /** Threads on the CPU. */
  readonly threads?: number
  /** Options for TRL's configs of all methods, checked against them. A method's own `trl` goes before. */
  readonly options?: Readonly<Record<string, unknown>>
}

/**
 * Rounds on Hugging Face TRL and PEFT in a Python process of its own, on a GPU where there is one.
 * @example
 * trl({ host: 'ssh://user@gpu1', precision: 'bf16' })
 */
export function trl(options: TrlOptions = {}): TrainerChoice<'trl', TrlOptions> {
  return { ...options, kind: 'holdfast.trainer', name: 'trl' }
}

export const trlDriver: TrainerDriver<'trl', TrlOptions> = {
  name: 'trl',
  description: 'Hugging Face TRL in a Python process, here or on another machine',
  options: {
    host: z.string().startsWith('ssh://', 'is an address such as ssh://user@gpu1').optional(),
    python: z.string().min(1).optional(),
    device: z.enum(['auto', 'cpu', 'cuda']).optional(),
    devices: z
      .array(z.string().regex(/^(?:cpu|cuda:\d+)$/, 'is cuda:0, cuda:1, … or cpu'))
      .min(1)
      .optional(),
    precision: z.enum(['auto', 'f32', 'bf16', '4bit']).optional(),
    evaluation: z.enum(['auto', 'runner', 'vllm', 'embedded']).optional(),
    start: z.enum(['continue', 'merge']).optional(),
    controls: z.boolean().optional(),
    accelerate: z.string().min(1).optional(),
    gradientCheckpointing: z.boolean().optional(),
    microBatchSize: z.int().min(1).optional(),
    vllm: z.boolean().optional(),
    threads: z.int().min(1).optional(),
    options: z.record(z.string(), z.json()).optional(),
  },
  flags: ['host', 'python', 'threads'],
  refuse: refuseTrl,
  hashed: hashedOptions,
  runsControls: ({ controls = false }) => controls,
  open: async (options, request) => (await import('./open.ts')).openTrl(options, request),
  estimate: async (options, card) => (await import('./estimate/estimate.ts')).estimateTrl(options, card),
}

/** Where it runs decides nothing (device, threads and packages stand in the plan); how it computes does. */
function hashedOptions(options: TrlOptions): Readonly<Record<string, unknown>> {
  const { precision = 'auto', start = 'continue', options: forTrl = {}, vllm = false } = options
  const { evaluation, gradientCheckpointing, microBatchSize, accelerate } = options
  return {
    ...{ precision, start, options: forTrl, vllm },
    ...(evaluation === undefined ? {} : { evaluation }),
    ...(gradientCheckpointing === undefined ? {} : { gradientCheckpointing }),
    ...(microBatchSize === undefined ? {} : { microBatchSize }),
    ...(accelerate === undefined ? {} : { accelerate: contentOf(accelerate) }),
  }
}

/** Of a configuration file on this machine; one on another machine goes by its path. */
function contentOf(path: string): string {
  return existsSync(path) ? sha256(readFileSync(path)) : path
}
