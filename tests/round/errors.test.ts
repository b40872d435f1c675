import { describe, expect, it } from 'vitest'
import {
  EvaluationInterruptedError,
  NoCasesError,
  NoEvaluationToResumeError,
  NothingToResumeError,
  RunInterruptedError,
  TargetUnknownError,
} from '../../src/round/errors.ts'

describe('errors of rounds', () => {
  it('RunInterruptedError says how to go on', () => {
    expect(new RunInterruptedError({ directory: 'reports/run' }).message).toMatchInlineSnapshot(`
      "RUN_INTERRUPTED  The run was stopped
        where  reports/run
        fix    go on with \`holdfast run … --resume\`"
    `)
  })

  it('EvaluationInterruptedError says how to go on', () => {
    expect(new EvaluationInterruptedError({ directory: '/somewhere/unfinished/refill-1' }).message).toMatchInlineSnapshot(`
      "EVAL_INTERRUPTED  The evaluation was stopped
        where  /somewhere/unfinished/refill-1
        fix    go on with \`holdfast eval … --resume\`, or evaluateEval({ resume: true })"
    `)
  })

  it('NoEvaluationToResumeError tells what is not there from what another process holds', () => {
    const place = { directory: '/somewhere/unfinished', evalName: 'refill' }
    expect(new NoEvaluationToResumeError({ ...place, isRunning: false }).message).toMatchInlineSnapshot(`
      "EVAL_NOTHING_TO_RESUME  There is no interrupted evaluation of "refill" on this model with these roles, limit, seed and sampling
        where  /somewhere/unfinished
        fix    start a new evaluation without --resume"
    `)
    expect(new NoEvaluationToResumeError({ ...place, isRunning: true }).message).toMatchInlineSnapshot(`
      "EVAL_NOTHING_TO_RESUME  The interrupted evaluation of "refill" is gone on with by another process already
        where  /somewhere/unfinished
        fix    wait for it, or start a new evaluation without --resume"
    `)
  })

  it('NothingToResumeError tells an unfinished run from a named one', () => {
    expect(new NothingToResumeError({ directory: 'reports', suite: 'clinic' }).message).toMatchInlineSnapshot(`
      "NOTHING_TO_RESUME  Suite "clinic" has no unfinished run
        where  reports
        fix    start a new run without --resume"
    `)
    expect(new NothingToResumeError({ directory: 'reports', suite: 'clinic', run: 'mine' }).message).toMatchInlineSnapshot(`
      "NOTHING_TO_RESUME  There is no run "mine" of suite "clinic"
        where  reports
        fix    start a new run without --resume"
    `)
  })

  it('TargetUnknownError names the features', () => {
    const error = new TargetUnknownError({ file: 'a.suite.ts', target: 'x', features: ['refill', 'dose'] })
    expect(error.message).toMatchInlineSnapshot(`
      "TARGET_UNKNOWN  The suite has no feature "x"
        where  a.suite.ts
        fix    name one of its features: refill, dose"
    `)
  })

  it('NoCasesError names the roles and the flag', () => {
    expect(new NoCasesError({ evalName: 'refill', file: 'refill.eval.ts', roles: ['dev'] }).message).toMatchInlineSnapshot(`
      "NO_CASES  Eval "refill" has no cases of role dev
        where  refill.eval.ts
        fix    give some cases that role, or name another with --roles"
    `)
  })
})
