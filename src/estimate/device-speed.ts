/**
 * @file What devices are assumed to sustain, for estimates of time. Card figures are the manufacturer's (dense bf16 with f32 accumulation, memory
 * bandwidth); the shares of them that training and decoding reach are assumptions. Nothing here was measured on a GPU.
 */

/** What a device is taken to do. `assumption` is the sentence that is printed beside every time. */
export interface DeviceSpeed {
  readonly name: string
  readonly trainFlopsPerSecond: number
  readonly decodeFlopsPerSecond: number
  readonly decodeBytesPerSecond: number
  /** The least that one layer takes of a decoding step, whatever its size: the time to start its kernels. */
  readonly secondsPerLayerStep: number
  readonly assumption: string
}

/** What a trainer computes with. */
export interface EstimatedDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: 'f32' | 'bf16' | '4bit'
  readonly speed: DeviceSpeed
  /** What it has; null where that is not known, and then nothing is refused. */
  readonly memoryBytes: number | null
  readonly gradientCheckpointing: boolean
}

/** A card of the table. */
export interface Card {
  readonly name: string
  readonly memoryBytes: number
  readonly bf16TeraflopsPerSecond: number
  readonly gigabytesPerSecond: number
}

const GIB = 2 ** 30
/** Share of the peak that a LoRA training step sustains. */
const TRAINING_SHARE = 0.35
/** Share of the memory bandwidth that decoding sustains. */
const DECODING_SHARE = 0.5
/** Starting a layer's kernels one by one from Python, adapters included. */
const CARD_SECONDS_PER_LAYER_STEP = 0.001
/** Arithmetic without tensor cores, as a share of the bf16 peak. */
const F32_SHARE = 0.125

/** Name as torch gives it (a part of it), memory in GiB, bf16 TFLOP/s, GB/s. The first match counts, so longer names come first. */
const CARDS: readonly (readonly [name: string, gib: number, teraflops: number, gigabytes: number])[] = [
  ['RTX 3090', 24, 71, 936],
  ['RTX 4090', 24, 165, 1008],
  ['RTX 5090', 32, 210, 1792],
  ['RTX 6000 Ada', 48, 364, 960],
  ['RTX A6000', 48, 155, 768],
  ['A10G', 24, 70, 600],
  ['A100-SXM4-40GB', 40, 312, 1555],
  ['A100', 80, 312, 1935],
  ['A10', 24, 125, 600],
  ['L40S', 48, 362, 864],
  ['L4', 24, 121, 300],
  ['H100 PCIe', 80, 756, 2000],
  ['H100', 80, 989, 3350],
  ['H200', 141, 989, 4800],
]

/** The card whose name is part of `name`, capitals and spaces aside; null for one that is not in the table. */
export function findCard(name: string): Card | null {
  const wanted = plain(name)
  const found = CARDS.find(([known]) => wanted.includes(plain(known)))
  if (found === undefined) return null
  const [known, gib, teraflops, gigabytes] = found
  return { name: known, memoryBytes: gib * GIB, bf16TeraflopsPerSecond: teraflops, gigabytesPerSecond: gigabytes }
}

/** Names of the table, for a message that lists them. */
export function cardNames(): readonly string[] {
  return CARDS.map(([name]) => name)
}

/** What a card is taken to sustain in a precision; 4-bit weights are computed with in bf16. */
export function cardSpeed(card: Card, precision: 'f32' | 'bf16' | '4bit'): DeviceSpeed {
  const share = TRAINING_SHARE * (precision === 'f32' ? F32_SHARE : 1)
  const flops = card.bf16TeraflopsPerSecond * 1e12 * share
  return {
    name: card.name,
    trainFlopsPerSecond: flops,
    decodeFlopsPerSecond: flops,
    decodeBytesPerSecond: card.gigabytesPerSecond * 1e9 * DECODING_SHARE,
    secondsPerLayerStep: CARD_SECONDS_PER_LAYER_STEP,
    assumption:
      `${card.name}: training and prompts at ${percent(share)} of ${card.bf16TeraflopsPerSecond} TFLOP/s, ` +
      `decoding at ${percent(DECODING_SHARE)} of ${card.gigabytesPerSecond} GB/s and no less than 1 ms a layer and step; not measured`,
  }
}

/** What a trainer did with SmolLM2-135M in f32 on two cores of an AMD EPYC: seconds of a LoRA step of 1024 tokens, new tokens a second at batch 32 and 1. */
export interface CpuFigures {
  readonly trainer: string
  readonly secondsPerStep: number
  readonly batchedTokens: number
  readonly singleTokens: number
}

/** Two cores of an AMD EPYC, scaled from what a trainer was measured to do by parameter count alone. */
export function cpuSpeed({ trainer, secondsPerStep, batchedTokens, singleTokens }: CpuFigures): DeviceSpeed {
  return {
    name: 'cpu',
    trainFlopsPerSecond: (1024 * 4 * SMOLLM2_PARAMETERS) / secondsPerStep,
    decodeFlopsPerSecond: 2 * SMOLLM2_PARAMETERS * batchedTokens,
    decodeBytesPerSecond: 4 * SMOLLM2_PARAMETERS * singleTokens,
    secondsPerLayerStep: 0,
    assumption: `cpu: as two cores of an AMD EPYC did SmolLM2-135M with the ${trainer} trainer, scaled by parameters`,
  }
}

const SMOLLM2_PARAMETERS = 134.5e6

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
