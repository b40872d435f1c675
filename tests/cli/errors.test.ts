import { expect, it } from 'vitest'
import { commandOf } from '../../src/cli/commands/run.ts'
import { EvaluationInterruptedError } from '../../src/round/errors.ts'
import { EvalStoppedError, InterruptedError } from '../../src/cli/errors.ts'

it('InterruptedError says how to go on with the run', () => {
  expect(new InterruptedError('reports/clinic-1', 'npx holdfast run clinic', null).message).toMatchInlineSnapshot(`
    "CLI_INTERRUPTED  Stopped as asked; nothing that was written is lost
      where  reports/clinic-1
      fix    go on with: npx holdfast run clinic --resume clinic-1"
  `)
})

it('InterruptedError has nothing to go on with before the first record', () => {
  expect(new InterruptedError(null, 'npx holdfast run clinic', null).message).toMatchInlineSnapshot(`
    "CLI_INTERRUPTED  Stopped as asked; nothing that was written is lost
      where  before the first record was written
      fix    run the same command again"
  `)
})

it('EvalStoppedError says where the answers are and how to go on', () => {
  const cause = new EvaluationInterruptedError('/somewhere/unfinished/refill-1')
  expect(new EvalStoppedError('npx holdfast eval refill --model m --resume', cause).message).toMatchInlineSnapshot(`
    "CLI_INTERRUPTED  Stopped as asked; every answer that came is kept
      where  /somewhere/unfinished/refill-1
      fix    go on with: npx holdfast eval refill --model m --resume"
  `)
})

it('commandOf() repeats every setting that an interrupted run must go on with', () => {
  expect(commandOf('clinic', { budget: 'small', arms: ['sft', 'grpo'], seed: 0, reports: 'reports', reportOnly: true, resume: 'x' })).toBe(
    'npx holdfast run clinic --arms sft,grpo --seed 0 --budget small --report-only',
  )
})
