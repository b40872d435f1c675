/**
 * @file The embedded engine as its users see it: tensors and token ids in, numbers out. It knows nothing of text, cases, rewards or rounds.
 * Two implementations: `EngineCore` in this thread and the client of a worker thread; one contract suite runs against both.
 *
 * The only training primitives are `score` and `backward`. Any loss over per-token log-probabilities has the gradient
 * Σ (∂L/∂logp_t) ∂logp_t/∂θ, so an algorithm is the plain TypeScript that computes the weights ∂L/∂logp_t (see src/algorithm).
 */

import type { Device } from './session.ts'

/** Names weights that the engine holds on top of the base: a LoRA adapter or a full copy. `null` where one is accepted means the base itself. */
export type WeightsId = string

/** The linear layers of the Llama family that LoRA can adapt, by their Hugging Face names. */
export type LoraTarget = 'q_proj' | 'k_proj' | 'v_proj' | 'o_proj' | 'gate_proj' | 'up_proj' | 'down_proj'

export const LORA_TARGETS: readonly LoraTarget[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

/** A new adapter: W x + (alpha / rank) B A x, A Kaiming-uniform from `seed` (as PEFT initialises it), B zero. Source: Hu et al., arXiv:2106.09685. */
export interface LoraOptions {
  readonly rank: number
  readonly alpha: number
  readonly targets: readonly LoraTarget[]
  readonly seed: number
}

/** What the engine knows of the model it loaded. */
export interface ModelDescription {
  readonly architecture: string
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly layerCount: number
  readonly parameterCount: number
  readonly maxPositions: number
  /** Token ids that end a completion, from generation_config.json or config.json. */
  readonly stopIds: readonly number[]
  /** The base in every record, as src/identity/identify-model.ts gives it. */
  readonly hash: string
  /** What computes. */
  readonly device: Device
  /** Versions of Holdfast and onnxruntime-node, execution provider, thread count, CPU kind: numbers are only equal where these are. */
  readonly runtime: string
}

/** How tokens are drawn. Temperature 0 is greedy and ignores topK and topP. topK 0 and topP 1 mean no truncation. */
export interface TokenSampling {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly maxNewTokens: number
}

/** One prompt and the seeds of the completions to draw from it; its prefill is computed once for all of them. */
export interface GenerationPrompt {
  readonly ids: Int32Array
  /** One completion per seed. A completion depends on its own seed and on the fixed make-up of the request, never on timing. */
  readonly seeds: readonly number[]
}

export interface GenerateRequest {
  readonly weights: WeightsId | null
  readonly prompts: readonly GenerationPrompt[]
  readonly sampling: TokenSampling
}

/** One completion. `ids` ends with the stop token when `finish` is "stop". */
export interface GeneratedTokens {
  readonly ids: Int32Array
  /** Log-probability of each id in nats: at the sampling temperature without truncation (temperature 0: at temperature 1). f32[ids.length] */
  readonly logProbs: Float32Array
  readonly finish: 'stop' | 'length'
}

/** A prompt and its completion as one token sequence. Tokens from `promptLength` on are scored or trained; at least one token must precede them. */
export interface TokenSequence {
  readonly ids: Int32Array
  readonly promptLength: number
}

/** Named scalars per completion token: log-probability in nats, entropy in nats, KL(reference || weights) over the whole vocabulary in nats. */
export type ScoreOutput = 'logProb' | 'entropy' | 'klFrom'

export interface ScoreRequest {
  readonly weights: WeightsId | null
  readonly sequences: readonly TokenSequence[]
  readonly outputs: readonly ScoreOutput[]
  /** Logits are divided by it before the softmax. Default 1. */
  readonly temperature?: number
  /** The reference distribution of `klFrom`: `null` is the base. */
  readonly reference?: WeightsId | null
}

/** For each requested output, for each sequence, f32[ids.length - promptLength]. */
export type ScoreResult = Readonly<Partial<Record<ScoreOutput, readonly Float32Array[]>>>

/** Texts as token ids to be turned into one vector each. */
export interface EmbedRequest {
  readonly weights: WeightsId | null
  /** At least one token each, one fewer than the model's positions at most. */
  readonly sequences: readonly Int32Array[]
}

export interface BackwardRequest {
  readonly weights: WeightsId
  readonly sequences: readonly TokenSequence[]
  /** ∂L/∂logProb for each completion token: f32[ids.length - promptLength] per sequence. Zero weights cost no logits. */
  readonly gradients: { readonly logProb: readonly Float32Array[] }
  readonly temperature?: number
}

/** The log-probabilities that the forward half computed (only where the weight was not zero; 0 elsewhere). */
export interface BackwardResult {
  readonly logProb: readonly Float32Array[]
}

/** One optimizer update with the gradient accumulated since the last one. */
export interface StepSettings {
  readonly optimizer: 'adamw' | 'muon'
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled weight decay, applied to matrices and not to norms. */
  readonly weightDecay: number
  /** Largest allowed L2 norm of the whole gradient; 0 switches clipping off. */
  readonly maxGradientNorm: number
}

export interface StepResult {
  /** L2 norm of the whole gradient before clipping. */
  readonly gradientNorm: number
  /** L2 norm of the change of the weights. */
  readonly updateNorm: number
}

/** Progress of a long call, sent at most a few times a second. */
export interface EngineProgress {
  readonly done: number
  readonly total: number
  readonly tokens: number
}

export interface Engine {
  readonly model: ModelDescription
  createLora(options: LoraOptions): Promise<WeightsId>
  /** A trainable copy of every base weight (full-parameter tuning). */
  createFull(): Promise<WeightsId>
  /** Reads `adapter_config.json` and `adapter_model.safetensors` as PEFT writes them. */
  loadAdapter(directory: string): Promise<WeightsId>
  /** Writes the two PEFT files, whole or not at all (temporary name, then rename). The bytes depend on the weights alone. */
  saveAdapter(weights: WeightsId, directory: string, options?: { readonly baseModelName?: string }): Promise<void>
  /** Writes a complete Hugging Face model directory (float16 weights, config and tokenizer files of the base). LoRA is merged. */
  saveModel(weights: WeightsId, directory: string): Promise<void>
  /** Optimizer moments and step count, so that a stopped training goes on with the same bits. */
  saveOptimizer(weights: WeightsId, path: string): Promise<void>
  loadOptimizer(weights: WeightsId, path: string): Promise<void>
  release(weights: WeightsId): Promise<void>
  generate(request: GenerateRequest, onProgress?: (progress: EngineProgress) => void): Promise<readonly (readonly GeneratedTokens[])[]>
  score(request: ScoreRequest): Promise<ScoreResult>
  /** For each sequence the mean over its tokens of the hidden states after the last norm: f32[hiddenSize]. */
  embed(request: EmbedRequest): Promise<readonly Float32Array[]>
  /** Adds to the accumulated gradient of `weights`. */
  backward(request: BackwardRequest): Promise<BackwardResult>
  /** Applies the accumulated gradient and clears it. */
  step(weights: WeightsId, settings: StepSettings): Promise<StepResult>
  close(): Promise<void>
}
