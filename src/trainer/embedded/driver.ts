/**
 * @file The embedded trainer: rounds on the engine in this process, on one device of this machine, one arm after another.
 */
import { z } from 'zod'
import type { TrainerChoice, TrainerDriver } from '../driver.ts'
import { refuseEmbedded } from './refuse.ts'

/** Options of `embedded()`. None decides a verdict: a run's records name the device and the threads that it had. */
export interface EmbeddedTrainerOptions {
  /** Default `cpu`. */
  readonly device?: 'cpu' | 'webgpu'
  /** Threads on the CPU. Default: as many as there are cores. */
  readonly threads?: number
}

/** Rounds on the embedded engine: the default. */
export function embedded(options: EmbeddedTrainerOptions = {}): TrainerChoice<'embedded', EmbeddedTrainerOptions> {
  return { ...options, kind: 'holdfast.trainer', name: 'embedded' }
}

export const embeddedDriver: TrainerDriver<'embedded', EmbeddedTrainerOptions> = {
  name: 'embedded',
  description: "Holdfast's own engine, in this process",
  options: { device: z.enum(['cpu', 'webgpu']).optional(), threads: z.int().min(1).optional() },
  flags: ['device', 'threads'],
  refuse: refuseEmbedded,
  hashed: () => null,
  runsControls: () => true,
  open: async (options, request) => (await import('./open.ts')).openEmbedded(options, request),
  estimate: async (_options, card) => (await import('./estimate.ts')).estimateEmbedded(card),
}
