/**
 * @file What a training left of each checkpoint and step, as members of its round.
 */
import { z } from 'zod'
import { figure } from '../../number-schema.ts'
import type { RecordedArmRound } from '../../recorded-run.ts'

const oldScoreSchema = z.strictObject({
  eval: z.string(),
  cases: z.int(),
  ungraded: z.int(),
  score: figure,
  difference: figure,
  margin: z.number(),
})

const reportedCheckpointSchema = z.strictObject({
  step: z.int(),
  devPassShare: z.number(),
  devStderr: z.number().optional(),
  devUngradedShare: z.number().optional(),
  devScore: figure.optional(),
  /** Of the old evals together: it chooses nothing. */
  retainedPassShare: z.number(),
  /** Each old eval that can block, against the parent on the same dev cases; absent in older runs. */
  old: z.array(oldScoreSchema).optional(),
  klNewNats: figure,
  klOldNats: figure,
})

export const trainingShape = {
  chosenStep: z.int().nullable(),
  /** Why that checkpoint, and whether every old eval had kept its dev score at it; absent in older runs. */
  choice: z.strictObject({ reason: z.string(), eligible: z.boolean() }).optional(),
  checkpoints: z.array(reportedCheckpointSchema),
  /** Loss, or mean reward of the methods that sample, by step. */
  training: z.array(z.strictObject({ step: z.int(), loss: figure, meanReward: figure, learningRate: z.number() })),
}

export function trainingMembers({ candidate, events }: RecordedArmRound): z.infer<z.ZodObject<typeof trainingShape>> {
  return {
    chosenStep: candidate?.step ?? null,
    ...(candidate?.reason === undefined ? {} : { choice: { reason: candidate.reason, eligible: candidate.eligible ?? true } }),
    checkpoints: (candidate?.checkpoints ?? []).map(({ hash: _hash, ...rest }) => rest),
    training: events.flatMap((event) =>
      event.type === 'step' ? [{ step: event.step, loss: event.loss, meanReward: event.meanReward, learningRate: event.learningRate }] : [],
    ),
  }
}
