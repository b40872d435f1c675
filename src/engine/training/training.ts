/**
 * @file Training and scoring of one loaded model: the functions behind `score`, `backward` and `step` of the engine. It holds the sessions;
 * weight sets belong to the caller.
 */
import type { ScoreResult, StepResult, StepSettings } from '../engine.ts'
import { type BackwardCall, backward } from './backward.ts'
import { float32 } from './batch-feeds.ts'
import { embed } from './embed.ts'
import type { EmbedCall } from './embed.ts'
import type { MatrixStack } from '../optimizer/muon.ts'
import { optimizerStep } from './optimizer-step.ts'
import { type ScoreCall, score } from './score.ts'
import { type TrainingModel, type TrainingSessions, trainingSessions } from './training-sessions.ts'
import type { WeightSet } from './weight-set.ts'

export interface Training {
  score(call: ScoreCall): Promise<ScoreResult>
  embed(call: EmbedCall): Promise<readonly Float32Array[]>
  /** Adds to the gradient that the weight set has collected; gives the log-probabilities where the weight was not zero. */
  backward(call: BackwardCall): Promise<readonly Float32Array[]>
  step(weights: WeightSet, settings: StepSettings): Promise<StepResult>
  release(): Promise<void>
}

/** Nothing is opened before it is needed. */
export function createTraining(model: TrainingModel): Training {
  const sessions = trainingSessions(model)
  return {
    score: (call) => score(model, sessions, call),
    embed: (call) => embed(model, sessions, call),
    backward: (call) => backward(model, sessions, call),
    step: (weights, settings) => optimizerStep(weights, settings, (matrices, dims) => orthogonalize(sessions, matrices, dims)),
    release: () => sessions.release(),
  }
}

async function orthogonalize(
  sessions: TrainingSessions,
  matrices: Float32Array,
  { count, rows, columns }: MatrixStack,
): Promise<Float32Array> {
  const session = await sessions.orthogonalize(rows <= columns ? 'wide' : 'tall')
  const results = await session.run({ matrices: float32([count, rows, columns], matrices) })
  return results['orthogonal']?.data as Float32Array
}
