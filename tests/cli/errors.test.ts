import { expect, it } from 'vitest'
import { commandOf } from '../../src/cli/commands/run.ts'
import { InterruptedError } from '../../src/cli/errors.ts'

it('InterruptedError says how to go on with the run', () => {
  expect(
    new InterruptedError({ kept: 'records', directory: 'reports/clinic-1', command: 'npx holdfast run clinic --resume clinic-1' }).message,
  ).toMatchInlineSnapshot(`
    "CLI_INTERRUPTED  Stopped as asked; nothing that was written is lost
      where  reports/clinic-1
      fix    go on with: npx holdfast run clinic --resume clinic-1"
  `)
})

it('InterruptedError has nothing to go on with before the first record', () => {
  expect(new InterruptedError({ kept: 'records', directory: null, command: null }).message).toMatchInlineSnapshot(`
    "CLI_INTERRUPTED  Stopped as asked; nothing that was written is lost
      where  before the first record was written
      fix    run the same command again"
  `)
})

it('InterruptedError says where the answers of an evaluation are and how to go on', () => {
  expect(
    new InterruptedError({
      kept: 'answers',
      directory: '/somewhere/unfinished/refill-1',
      command: 'npx holdfast eval refill --model m --resume',
    }).message,
  ).toMatchInlineSnapshot(`
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
