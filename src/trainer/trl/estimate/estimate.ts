/**
 * @file What a training on TRL would take: the device of the trainer's machine, or a card that is only named, and the memory of every stage.
 */
import { isHoldfastError } from '../../../base/errors.ts'
import { cardNames, cardSpeed, cpuSpeed, findCard, type CpuFigures, type EstimatedDevice } from '../../../estimate/device-speed.ts'
import type { EstimateBase } from '../../../estimate/estimate-base.ts'
import type { MemoryTooSmallError } from '../../../estimate/errors.ts'
import { openHost } from '../../../host/open-host.ts'
import { drawsSamples, stagesOf, type StageSpec } from '../../../method/method-spec.ts'
import { probeHost, type HostProbe } from '../../../python/probe.ts'
import type { EstimatedMemory, EstimatedTraining, TrainerEstimate } from '../../driver.ts'
import { EMBEDDED_CPU } from '../../embedded/estimate.ts'
import { CardUnknownError } from '../../errors.ts'
import { chooseTrlDevice, type TrlDevice } from '../device.ts'
import type { TrlOptions } from '../driver.ts'
import { checkMemory } from './fit.ts'
import { estimateMemory, type MemorySettings } from './memory.ts'

/** A device as it was found. */
export interface FoundDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: EstimatedDevice['precision']
  /** As torch calls it. */
  readonly name: string
  readonly memoryBytes: number | null
}

/** README's figures of SmolLM2-135M in f32 on two cores. */
export const TRL_CPU: CpuFigures = { trainer: 'trl', secondsPerStep: 6.82, batchedTokens: 161, singleTokens: 21 }
const STAND_IN = 'RTX 3090'

/** @throws CardUnknownError; without a card the errors of the trainer's machine */
export async function estimateTrl(options: TrlOptions, card: string | null): Promise<TrainerEstimate> {
  return trlEstimate(options, card === null ? await findDevice(options) : namedCard(options, card))
}

/** The estimate for a device. */
export function trlEstimate(options: TrlOptions, found: FoundDevice): TrainerEstimate {
  const device = describeDevice(options, found)
  return {
    device,
    grading: options.evaluation === 'embedded' ? cpuSpeed(EMBEDDED_CPU) : null,
    memory: (training, base) => memoryOf(options, training, { base, device }),
  }
}

/** The device of a probed machine with its memory: the card's, or the machine's where it trains on the processor. */
export function probedDevice({ kind, precision, name }: TrlDevice, probe: HostProbe): FoundDevice {
  const cards = probe.inside?.torch?.devices ?? []
  const memoryBytes = kind === 'cpu' ? probe.survey.memoryBytes : (cards.find((card) => card.name === name)?.totalBytes ?? null)
  return { kind, precision, name, memoryBytes }
}

async function findDevice(options: TrlOptions): Promise<FoundDevice> {
  const host = openHost(options.host)
  try {
    const probe = await probeHost(host, { python: options.python })
    if (isHoldfastError(probe.environment)) throw probe.environment
    return probedDevice(chooseTrlDevice(probe, options), probe)
  } finally {
    await host.close()
  }
}

/** A card of the table, in the precision that is asked for. */
function namedCard({ precision = 'auto' }: TrlOptions, name: string): FoundDevice {
  const card = findCard(name)
  if (card === null) throw new CardUnknownError({ card: name, known: cardNames() })
  return { kind: 'cuda', precision: precision === 'auto' ? 'bf16' : precision, name: card.name, memoryBytes: card.memoryBytes }
}

/** With the speed that it is taken to have. A card that is not in the table is taken to be an RTX 3090. */
function describeDevice(options: TrlOptions, { kind, precision, name, memoryBytes }: FoundDevice): EstimatedDevice {
  const common = { kind, precision, memoryBytes, gradientCheckpointing: options.gradientCheckpointing ?? kind === 'cuda' }
  const known = findCard(name)
  const card = known ?? findCard(STAND_IN)
  if (kind === 'cpu' || card === null) return { ...common, speed: cpuSpeed(TRL_CPU) }
  const speed = cardSpeed(card, precision)
  const unknown = known === null ? `${name} is not in the table of cards and taken to be an ` : ''
  return { ...common, speed: { ...speed, name, assumption: `${unknown}${speed.assumption}` } }
}

/** Estimates every stage. */
function memoryOf(
  options: TrlOptions,
  training: EstimatedTraining,
  { base, device }: { readonly base: EstimateBase; readonly device: EstimatedDevice },
): EstimatedMemory {
  const { kind, precision, gradientCheckpointing, memoryBytes } = device
  const { microBatchSize = null, vllm = false } = options
  const settings: MemorySettings = { kind, precision, gradientCheckpointing, microBatchSize, vllm, deviceBytes: memoryBytes }
  const { lora, lengths } = training
  const stages = stagesOf(training.method).map((stage) => ({
    model: base.figures,
    settings,
    work: { stage, lora, promptTokens: lengths.prompts.longest, completionTokens: completionTokens(stage, training) },
  }))
  const estimates = stages.map((stage) => ({ stage, estimate: estimateMemory(stage.model, stage.work, settings) }))
  const hungriest = estimates.reduce((a, b) => (b.estimate.totalBytes > a.estimate.totalBytes ? b : a))
  if (memoryBytes === null) return { memory: hungriest.estimate, shortage: null }
  try {
    const available = { name: device.speed.name, bytes: memoryBytes }
    return { memory: checkMemory(hungriest.stage, { round: training.round, arm: training.arm, available }), shortage: null }
  } catch (error) {
    if (!isHoldfastError(error) || error.code !== 'MEMORY_TOO_SMALL') throw error
    return { memory: hungriest.estimate, shortage: error as MemoryTooSmallError }
  }
}

function completionTokens(stage: StageSpec, { lengths, maxNewTokens }: EstimatedTraining): number {
  return drawsSamples(stage) ? maxNewTokens : lengths.answers.longest
}
