/**
 * @file Every setting of the bundled model's making in one place: shape, seed, schedule. Changing one makes another model.
 */

export const MODEL_DIRECTORY = new URL('../', import.meta.url)

export const CORPUS_SEED = 20_261_123

/** Shape of the model: about 1.9 million parameters, a third of them in the tied embedding and the output head. */
export const SHAPE = {
  hiddenSize: 192,
  layerCount: 4,
  headCount: 6,
  keyValueHeadCount: 2,
  intermediateSize: 512,
  maxPositions: 256,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  initializerRange: 0.02,
} as const

/** config.json of a Llama in Hugging Face form. */
export function modelConfig(vocabSize: number): Readonly<Record<string, unknown>> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: vocabSize,
    hidden_size: SHAPE.hiddenSize,
    intermediate_size: SHAPE.intermediateSize,
    num_hidden_layers: SHAPE.layerCount,
    num_attention_heads: SHAPE.headCount,
    num_key_value_heads: SHAPE.keyValueHeadCount,
    head_dim: SHAPE.hiddenSize / SHAPE.headCount,
    hidden_act: 'silu',
    max_position_embeddings: SHAPE.maxPositions,
    rms_norm_eps: SHAPE.normEpsilon,
    rope_theta: SHAPE.ropeTheta,
    rope_scaling: null,
    attention_bias: false,
    attention_dropout: 0,
    mlp_bias: false,
    initializer_range: SHAPE.initializerRange,
    tie_word_embeddings: true,
    pad_token_id: 0,
    bos_token_id: 1,
    eos_token_id: 2,
    torch_dtype: 'float16',
    use_cache: true,
  }
}

/** How the model is trained. About 9 million tokens of the corpus, once through. */
export const TRAINING = {
  steps: 1800,
  tokensPerStep: 4096,
  /** Loss weight of prompt tokens; answers weigh 1. */
  promptWeight: 0.1,
  endId: 2,
  /** Of Muon; embedding and norms get 0.15 of it through AdamW. */
  peakRate: 0.02,
  warmUpSteps: 50,
  /** Share of the steps over which the rate falls linearly to zero. */
  decayShare: 0.5,
  optimizer: { optimizer: 'muon', beta1: 0.95, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, maxGradientNorm: 1 },
  logEvery: 20,
  checkpointEvery: 200,
} as const
