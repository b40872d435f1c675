/**
 * @file What a run on the embedded engine would take: processor time. Batches are fitted to the memory that there is.
 */
import { cpuSpeed, type CpuFigures } from '../../estimate/device-speed.ts'
import type { TrainerEstimate } from '../driver.ts'
import { CardUnknownError } from '../errors.ts'

/** README's figures of SmolLM2-135M in f32 on two cores: a LoRA step of 1024 tokens, new tokens a second at batch 32 and 1. */
export const EMBEDDED_CPU: CpuFigures = { trainer: 'embedded', secondsPerStep: 2.06, batchedTokens: 411, singleTokens: 65 }

/** @throws CardUnknownError for any card: the engine uses none */
export function estimateEmbedded(card: string | null): TrainerEstimate {
  if (card !== null) throw new CardUnknownError({ trainer: 'embedded', instead: 'trl' })
  const device = { kind: 'cpu', precision: 'f32', speed: cpuSpeed(EMBEDDED_CPU), memoryBytes: null, gradientCheckpointing: false } as const
  return { device, grading: null, memory: () => ({ memory: null, shortage: null }) }
}
