import { expect, it } from 'vitest'
import { resultBlock } from '../../src/cli/format-result.ts'
import type { RoundFinished } from '../../src/cli/format-result.ts'
import { judgeRound } from '../../src/gate/judge-round.ts'
import { evalOf, policyOf } from '../gate/make-eval.ts'
import { demoEvents, demoHeader } from './demo-events.ts'

const rounds = [...demoEvents()].filter((event): event is RoundFinished => event.type === 'round-finished')

it('resultBlock() shows verdicts by round and arm, first reasons, which warnings were given, the summary and the report', () => {
  const advisory = { type: 'warning', code: 'GATE_TOO_SMALL', message: 'Eval "refill" is advisory' } as const
  const warnings = [advisory, { type: 'warning', code: 'REWARD_HACKING', message: 'reward up, score down' }, advisory] as const
  const block = resultBlock({ header: demoHeader, rounds, warnings, directory: 'reports/demo', reportPath: 'reports/demo/report.html' })
  expect(block).toMatchInlineSnapshot(`
    "round           sft       raft          sft-hot (control)
    01-refill       ACCEPTED  ACCEPTED      BLOCKED
    02-appointment  ACCEPTED  INCONCLUSIVE  LOST

    01-refill/sft-hot  the first reason for BLOCKED
    02-appointment/raft  the first reason for INCONCLUSIVE
    02-appointment/sft-hot  the trainer was lost

    warnings above: GATE_TOO_SMALL (2), REWARD_HACKING

    Arm sft accepted every feature.
    report   reports/demo/report.html"
  `)
})

it('resultBlock() says of an ACCEPTED round which old evals did not have to be HELD', () => {
  const lossy = { n: 30, lost: 25, gained: 0, passedBefore: 30 }
  const evals = [
    evalOf('kept', { n: 300, lost: 0, gained: 0 }),
    evalOf('small', { n: 30, lost: 1, gained: 0 }, { advisoryReason: '30 gate cases' }),
    evalOf('left', lossy, { blocking: false }),
  ]
  const verdict = judgeRound({ round: '01-refill', arm: 'sft', policy: policyOf(), evals })
  const round = { type: 'round-finished', round: '01-refill', arm: 'sft', role: 'candidate', verdict } as const
  const block = resultBlock({ header: demoHeader, rounds: [round], warnings: [], directory: 'reports/demo', reportPath: null })
  expect(block).toContain('01-refill/sft  advisory, with no loss proven and too few cases for HELD to be asked: small')
  expect(block).toContain('01-refill/sft  declared as not blocking: left; of these REGRESSED: left')
})

it('resultBlock() says how to write a report that could not be written', () => {
  const block = resultBlock({ header: demoHeader, rounds, warnings: [], directory: 'reports/demo', reportPath: null })
  expect(block.split('\n').at(-1)).toBe('report   not written; try again with "npx holdfast report reports/demo"')
})
