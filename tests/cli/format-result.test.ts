import { expect, it } from 'vitest'
import { resultBlock } from '../../src/cli/format-result.ts'
import type { RoundFinished } from '../../src/cli/format-result.ts'
import { demoEvents, demoHeader } from './demo-events.ts'

const rounds = [...demoEvents()].filter((event): event is RoundFinished => event.type === 'round-finished')

it('resultBlock() shows verdicts by round and arm, first reasons, warnings, the summary and the report', () => {
  const warnings = [{ type: 'warning', code: 'GATE_TOO_SMALL', message: 'Eval "refill" is advisory' }] as const
  const block = resultBlock({ header: demoHeader, rounds, warnings, directory: 'reports/demo', reportPath: 'reports/demo/report.html' })
  expect(block).toMatchInlineSnapshot(`
    "round           sft       raft          sft-hot (control)
    01-refill       ACCEPTED  ACCEPTED      BLOCKED
    02-appointment  ACCEPTED  INCONCLUSIVE  LOST

    01-refill/sft-hot  the first reason for BLOCKED
    02-appointment/raft  the first reason for INCONCLUSIVE
    02-appointment/sft-hot  the trainer was lost

    warning  GATE_TOO_SMALL  Eval "refill" is advisory

    Arm sft accepted every feature.
    report   reports/demo/report.html"
  `)
})

it('resultBlock() says how to write a report that could not be written', () => {
  const block = resultBlock({ header: demoHeader, rounds, warnings: [], directory: 'reports/demo', reportPath: null })
  expect(block.split('\n').at(-1)).toBe('report   not written; try again with "npx holdfast report reports/demo"')
})
