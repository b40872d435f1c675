/**
 * @file config.json of Hugging Face transformers read into the engine's own description of a model. What would change the arithmetic in a way that the
 * engine does not know is refused by name. It reads no weights.
 */
import { z } from 'zod'
import type { Llama3RopeScaling, LlamaConfig } from '../architecture/llama-config.ts'
import type { LoraTarget } from '../engine.ts'
import { ArchitectureUnsupportedError, ModelConfigError } from '../errors.ts'

const MODEL_TYPES: readonly string[] = ['llama', 'mistral', 'qwen2', 'qwen3']
/** Far beyond every published model, and small enough to be counted through. */
const sizeUpTo = (largest: number): z.ZodNumber => z.number().int().positive().max(largest)
const [layers, heads, width] = [sizeUpTo(2 ** 10), sizeUpTo(2 ** 12), sizeUpTo(2 ** 20)]
const size = sizeUpTo(2 ** 31)
/** Numbers in one table of rotary positions, 128 MiB. */
const MAX_TABLE_NUMBERS = 2 ** 25
const ROPE = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: size.optional(),
  partial_rotary_factor: z.number().optional(),
})
const CONFIG = z.looseObject({
  vocab_size: sizeUpTo(2 ** 24),
  hidden_size: width,
  intermediate_size: width,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: heads.nullish(),
  head_dim: heads.nullish(),
  rms_norm_eps: z.number().positive(),
  max_position_embeddings: size,
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ROPE.nullish(),
  rope_parameters: ROPE.nullish(),
  sliding_window: size.nullish(),
  use_sliding_window: z.boolean().nullish(),
})
type Config = z.infer<typeof CONFIG>

/**
 * The model that config.json describes.
 * @throws ArchitectureUnsupportedError, ModelConfigError
 */
export function parseModelConfig(path: string, json: Readonly<Record<string, unknown>>): LlamaConfig {
  const type = json['model_type']
  if (typeof type !== 'string' || !MODEL_TYPES.includes(type)) {
    throw new ArchitectureUnsupportedError({ path, problem: `The engine has no graph for model_type ${JSON.stringify(type ?? null)}` })
  }
  const parsed = CONFIG.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ModelConfigError({ path, problem: `The field "${issue?.path.join('.')}" cannot be used: ${issue?.message}` })
  }
  refuseVariations(path, type, parsed.data)
  return toLlamaConfig(path, type, parsed.data)
}

function refuseVariations(path: string, type: string, config: Config): void {
  const refuse = (what: string): never => {
    throw new ArchitectureUnsupportedError({ path, problem: `The engine has no graph for a ${type} model with ${what}` })
  }
  if (config['quantization_config'] !== undefined && config['quantization_config'] !== null)
    refuse('quantised weights (quantization_config)')
  if (config.hidden_act !== 'silu') refuse(`the activation ${JSON.stringify(config.hidden_act)}`)
  const rope = config.rope_parameters ?? config.rope_scaling
  const ropeType = rope?.rope_type ?? rope?.type ?? 'default'
  if (ropeType !== 'default' && ropeType !== 'llama3') refuse(`rotary positions of the kind ${JSON.stringify(ropeType)}`)
  if ((rope?.partial_rotary_factor ?? 1) !== 1) refuse('rotary positions on a part of each head (partial_rotary_factor)')
}

function toLlamaConfig(path: string, type: string, config: Config): LlamaConfig {
  const headCount = config.num_attention_heads
  const kvHeadCount = config.num_key_value_heads ?? headCount
  const headDim = config.head_dim ?? config.hidden_size / headCount
  if (headCount % kvHeadCount !== 0)
    throw new ModelConfigError({ path, problem: `${headCount} attention heads cannot share ${kvHeadCount} key-value heads` })
  if (headDim % 2 !== 0) throw new ModelConfigError({ path, problem: `Heads of ${headDim} numbers cannot be rotated in pairs` })
  const ropeScaling = llama3Scaling(path, config)
  return {
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layerCount: config.num_hidden_layers,
    headCount,
    kvHeadCount,
    headDim,
    rmsNormEpsilon: config.rms_norm_eps,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    ...(ropeScaling ? { ropeScaling } : {}),
    tiedEmbeddings: config.tie_word_embeddings,
    biasedTargets: biasedTargets(type, config),
    qkNorm: type === 'qwen3',
    // What no table fits for cannot be asked: 524,288 positions for heads of 128 numbers.
    maxPositions: Math.min(config.max_position_embeddings, slidingWindow(type, config), Math.floor(MAX_TABLE_NUMBERS / (headDim / 2))),
  }
}

/** As transformers builds each family: Mistral has no biases whatever its configuration says, and only Llama has them in its feed-forward layers. */
function biasedTargets(type: string, config: Config): readonly LoraTarget[] {
  if (type === 'qwen2') return ['q_proj', 'k_proj', 'v_proj']
  const attention: readonly LoraTarget[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj']
  const feedForward: readonly LoraTarget[] = ['gate_proj', 'up_proj', 'down_proj']
  return [
    ...(type !== 'mistral' && config['attention_bias'] === true ? attention : []),
    ...(type === 'llama' && config['mlp_bias'] === true ? feedForward : []),
  ]
}

/** Up to the window's length, sliding-window attention is full attention: the model is used up to there. */
function slidingWindow(type: string, config: Config): number {
  const isUsed = type === 'mistral' || config.use_sliding_window === true
  return isUsed ? (config.sliding_window ?? Infinity) : Infinity
}

function llama3Scaling(path: string, config: Config): Llama3RopeScaling | undefined {
  const rope = config.rope_parameters ?? config.rope_scaling
  if ((rope?.rope_type ?? rope?.type) !== 'llama3') return undefined
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = rope ?? {}
  if (factor === undefined || low === undefined || high === undefined || original === undefined) {
    throw new ModelConfigError({
      path,
      problem: 'The llama3 rotary scaling lacks factor, low_freq_factor, high_freq_factor or original_max_position_embeddings',
    })
  }
  return { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions: original }
}
