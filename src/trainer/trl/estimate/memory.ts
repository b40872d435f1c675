/**
 * @file How much memory a stage of a training needs on the trl trainer, part by part, from sizes alone. Pure; it asks no device.
 *
 * The peak is the larger of two moments: sampling (key-value cache, logits of one token per row) and the start of the backward pass (all kept activations
 * and the output head's tile). TRL 1.16 computes log-probabilities of SFT, DPO, KTO, GRPO and RLOO in tiles and never holds all logits; its
 * experimental CPO trainer, which SimPO runs on, does hold them, four times over. A reference is the same base with other adapter weights, no copy.
 *
 * Compared with the peak memory of TRL's process on the CPU (SmolLM2-135M, f32 unless named), estimate against measured: SFT 4 x 256 +4 %, the same in bf16
 * +5 %; SFT 4 x 512 with gradient checkpointing +14 %; DPO 2 pairs x 256 0 %; SimPO the same +3 %; GRPO 4 x 8 samples x 48 tokens +1 %; the bundled 2 M
 * model, SFT 16 x 128 -6 %, GRPO 16 x 8 x 24 +7 %. tests/trainer/trl/estimate/memory.test.ts holds these runs.
 * No GPU was at hand: on cuda the activations are those measured on the CPU and everything else is arithmetic.
 */
import {
  embeddingParameters,
  keyValueBytes,
  largestLinear,
  linearParameters,
  loraParameters,
  type ModelFigures,
} from '../../../estimate/model-figures.ts'
import { cardOf, needsReference, type StageSpec } from '../../../method/method-spec.ts'
import type { LoraSpec } from '../../training-spec.ts'
import { keptActivationBytes, layerBackwardBytes, layerBytesPerToken, numberBytes } from './activations.ts'
import { samplingRows, updateRows } from '../../../estimate/rows.ts'
import type { MemoryEstimate, MemoryPart } from '../../../estimate/memory.ts'
import type { RunnerSpec } from '../protocol.ts'

/** What is trained: one stage of a method and the longest texts that it meets. */
export interface MemoryWork {
  readonly stage: StageSpec
  readonly lora: LoraSpec
  /** Tokens of the longest prompt. */
  readonly promptTokens: number
  /** Tokens of the longest answer that is learned, or the limit of new tokens where answers are sampled. */
  readonly completionTokens: number
}

/** How it is computed. `deviceBytes` is the card's memory, for what vLLM takes of it; null where it is not known. */
export type MemorySettings = Pick<RunnerSpec['device'], 'kind' | 'precision' | 'gradientCheckpointing' | 'microBatchSize' | 'vllm'> & {
  readonly deviceBytes: number | null
}

const GIB = 2 ** 30
/** CUDA context with the libraries' workspaces; on the CPU the Python process with torch, transformers and trl imported. */
const FIXED_BYTES = { cuda: 0.6 * GIB, cpu: 0.45e9 }
/** NF4 with double quantisation: 4 bits and 0.127 bits of constants a weight. Source: Dettmers et al., arXiv:2305.14314, section 3. */
const BYTES_PER_4BIT_WEIGHT = (4 + 0.127) / 8
/** Adapter, gradient and two AdamW moments in f32. */
const TRAINED_WEIGHT_BYTES = 16
/** Rows and columns of the tiles in which TRL 1.16 computes logits: trl/kernels/chunked_logprob.py and trl/trainer/utils.py. */
const HEAD_TILE = { rows: 4096, columns: 32_768 }
/** TRL's colocated vLLM takes this share of the card by default, and never less than the weights and a gigabyte. */
const VLLM_SHARE = 0.3
/** Share of what comes and goes that PyTorch's allocator on cuda holds without using: an assumption. */
const CUDA_FRAGMENTATION = 0.2
/** What glibc's heap keeps on the CPU, as a share of the activations without gradient checkpointing: measured 0.64 to 0.87. */
const GLIBC_FRAGMENTATION = 0.85
/** A cache that grows token by token is copied at every step. */
const GROWING_CACHE = 1.5
/** Bytes a logit while a token is drawn: model's output, f32, log-probabilities, and probabilities and their sums in f64. */
const DRAWING_BYTES = 32

/** The estimate for one stage. */
export function estimateMemory(model: ModelFigures, work: MemoryWork, settings: MemorySettings): MemoryEstimate {
  const fixed = fixedParts(model, work, settings)
  const updating = updatingParts(model, work, settings)
  const sampling = samplingParts(model, work, settings)
  const peak = total(sampling) > total(updating) ? 'sampling' : 'updating'
  const parts = [...fixed, ...(peak === 'sampling' ? sampling : updating)].filter((part) => part.bytes > 0)
  return { peak, parts, totalBytes: total(parts) }
}

function fixedParts(model: ModelFigures, work: MemoryWork, settings: MemorySettings): MemoryPart[] {
  const { precision, kind } = settings
  const adapter = loraParameters(model, work.lora)
  const reference = needsReference(work.stage) ? 4 * adapter : 0
  // Autocast keeps a bf16 copy of the adapter for a forward pass.
  const copies = precision === 'f32' ? 0 : 2 * adapter
  return [
    { name: 'model weights', bytes: weightBytes(model, precision) },
    { name: 'unpacked layer', bytes: precision === '4bit' ? 2 * largestLinear(model) : 0 },
    { name: 'adapter, gradients, optimizer', bytes: TRAINED_WEIGHT_BYTES * adapter + copies + reference },
    { name: 'vLLM', bytes: vllmBytes(model, settings) },
    { name: kind === 'cuda' ? 'CUDA context' : 'Python process', bytes: FIXED_BYTES[kind] },
  ]
}

/** Bytes of the base's weights; embedding and output head are never stored in 4 bits. */
export function weightBytes(model: ModelFigures, precision: MemorySettings['precision']): number {
  const perLinear = precision === '4bit' ? BYTES_PER_4BIT_WEIGHT : numberBytes(precision)
  return linearParameters(model) * perLinear + embeddingParameters(model) * numberBytes(precision)
}

function vllmBytes(model: ModelFigures, { vllm, deviceBytes }: MemorySettings): number {
  return vllm ? Math.max(VLLM_SHARE * (deviceBytes ?? 0), weightBytes(model, 'bf16') + GIB) : 0
}

function updatingParts(model: ModelFigures, work: MemoryWork, settings: MemorySettings): MemoryPart[] {
  const batch = { rows: updateRows(work.stage, settings.microBatchSize), tokens: work.promptTokens + work.completionTokens }
  const kept = { ...settings, rank: work.lora.rank }
  const activations = keptActivationBytes(model, batch, kept)
  const head = headBytes(model, { ...work, rows: batch.rows }, settings)
  const layer = layerBackwardBytes(model, batch, kept)
  const whole = batch.rows * batch.tokens * model.layerCount * layerBytesPerToken(model, batch.tokens, kept)
  const backward = { name: head > layer ? 'logits' : 'backward pass of a layer', bytes: Math.max(head, layer) }
  const unused = settings.kind === 'cuda' ? CUDA_FRAGMENTATION * (activations + backward.bytes) : GLIBC_FRAGMENTATION * whole
  return [{ name: 'activations', bytes: activations }, backward, { name: 'unused by the allocator', bytes: unused }]
}

/** Logits at the start of the backward pass. On cuda only learned tokens are computed; elsewhere every token, with f32 copies of the tile. */
function headBytes(model: ModelFigures, work: MemoryWork & { readonly rows: number }, { kind, precision }: MemorySettings): number {
  const { rows, promptTokens, completionTokens, stage } = work
  const bytes = numberBytes(precision)
  if (cardOf(stage).holdsLogits === true)
    return rows * (promptTokens + completionTokens) * model.vocabSize * (precision === 'f32' ? 16 : 18)
  const learned = rows * (kind === 'cuda' ? completionTokens : promptTokens + completionTokens - 1)
  const tileRows = Math.min(learned, HEAD_TILE.rows)
  if (kind === 'cuda') return tileRows * HEAD_TILE.columns * bytes + 4 * learned * model.hiddenSize
  return tileRows * Math.min(model.vocabSize, HEAD_TILE.columns) * (7.25 * 4 + bytes)
}

function samplingParts(model: ModelFigures, work: MemoryWork, settings: MemorySettings): MemoryPart[] {
  const tokens = work.promptTokens + work.completionTokens
  const rows = settings.vllm && cardOf(work.stage).form === 'rollouts' ? 0 : samplingRows(work.stage, tokens)
  const bytes = numberBytes(settings.precision)
  const cache = rows * tokens * keyValueBytes(model, bytes) * GROWING_CACHE
  const logits = rows * model.vocabSize * DRAWING_BYTES
  const prompts = rows * work.promptTokens * bytes * (4 * model.hiddenSize + 3 * model.intermediateSize)
  return [
    { name: 'key-value cache', bytes: cache },
    { name: 'logits', bytes: logits },
    { name: 'prompts', bytes: prompts },
    { name: 'unused by the allocator', bytes: CUDA_FRAGMENTATION * (logits + prompts) },
  ]
}

function total(parts: readonly MemoryPart[]): number {
  return parts.reduce((sum, part) => sum + part.bytes, 0)
}
