import { expect, it } from 'vitest'
import { evalLimits, trainingSpecSchema } from '../../src/trainer/training-spec.ts'

/** As trainings were written before replayed evals had limits of their own. */
const OLDER = {
  ...{ schemaVersion: 1, runId: 'run', round: 'r1', arm: 'sft', base: { directory: 'base', hash: '0' }, parentAdapter: null },
  lora: { rank: 4, alpha: 8, targets: ['q_proj'] },
  method: { name: 'sft', steps: 1, batchSize: 1, optimizer: { learningRate: 0.1 } },
  seeds: { initialisation: 1, order: 2, sampling: 3 },
  ...{ examples: [], maxNewTokens: 8, passThreshold: 0.5, checkpointSteps: [1], directory: 'out' },
}

it('trainingSpecSchema reads a spec without limits of replayed evals, which were the round’s own', () => {
  const spec = trainingSpecSchema.parse(OLDER)
  expect(spec.replayed).toEqual({})
  expect(evalLimits(spec, 'earlier')).toMatchObject({ maxNewTokens: 8, passThreshold: 0.5 })
})

it('evalLimits() gives a replayed eval its own limits and the round’s eval the round’s', () => {
  const spec = trainingSpecSchema.parse({ ...OLDER, replayed: { earlier: { maxNewTokens: 2, passThreshold: 0.9 } } })
  expect(evalLimits(spec, 'earlier')).toEqual({ maxNewTokens: 2, passThreshold: 0.9 })
  expect(evalLimits(spec, '')).toMatchObject({ maxNewTokens: 8, passThreshold: 0.5 })
})
