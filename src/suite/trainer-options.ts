/**
 * @file Which trainer runs a suite's rounds, and where: what suite files write as `trainer`. Data only; nothing is started here.
 */
import { z } from 'zod'

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

/** A suite's trainer. */
export type TrainerOptions = { readonly kind: 'holdfast.trainer'; readonly name: 'embedded' } | TrlTrainerOptions

/** The options of a trl trainer with its mark. */
export type TrlTrainerOptions = { readonly kind: 'holdfast.trainer'; readonly name: 'trl' } & TrlOptions

/** Rounds on the embedded engine: the default. */
export function embedded(): TrainerOptions {
  return { kind: 'holdfast.trainer', name: 'embedded' }
}

/**
 * Rounds on Hugging Face TRL and PEFT in a Python process of its own, on a GPU where there is one.
 * @example
 * trl({ host: 'ssh://user@gpu1', precision: 'bf16' })
 */
export function trl(options: TrlOptions = {}): TrainerOptions {
  return { ...options, kind: 'holdfast.trainer', name: 'trl' }
}

const marked = { kind: z.literal('holdfast.trainer') }

/** The shape of `trainer` in a suite file. */
export const trainerOptionsSchema = z.discriminatedUnion(
  'name',
  [
    z.strictObject({ ...marked, name: z.literal('embedded') }),
    z.strictObject({
      ...marked,
      name: z.literal('trl'),
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
    }),
  ],
  'expected what trl() or embedded() returns',
)
