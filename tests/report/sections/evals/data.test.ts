import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RoundVerdict } from '../../../../src/gate/verdict.ts'
import { linesOf } from '../../recorded-lines.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('buildDocument() repeats the numbers of each verdict.json and names its cases', async () => {
  const directory = temporaryRun({ gateCases: 200 })
  const document = await documentOf(directory)
  const reported = document.rounds.find((round) => round.round === '01-refill' && round.arm === 'sft-hot')
  const recorded = JSON.parse(readFileSync(join(directory, 'rounds/01-refill/sft-hot/verdict.json'), 'utf8')) as RoundVerdict
  expect(reported?.outcome).toBe('BLOCKED')
  expect(reported?.decidingFact).toBe(recorded.reasons[0])
  const refill = reported?.evals.find((each) => each.name === 'general-json')
  const verdict = recorded.evals.find((each) => each.name === 'general-json')
  expect(refill).toMatchObject({ n: 200, difference: verdict?.difference, interval: verdict?.interval, lost: verdict?.lost })
  expect(refill?.baselines[0]?.pLossHolm).toBe(verdict?.baselines[0]?.pLossHolm)
  const before = new Map(linesOf(directory, 'grades/base/gate.general-json.jsonl').map((grade) => [grade.caseId, grade.pass]))
  const after = linesOf(directory, 'rounds/01-refill/sft-hot/grades/gate.general-json.jsonl')
  const lost = after.filter((grade) => before.get(grade.caseId) === true && grade.pass === false).map((grade) => grade.caseId)
  expect(refill?.lostCases).toEqual(lost)
  expect(lost.length).toBe(verdict?.lost)
})

test('buildDocument() puts the worst blocking eval first and what decides nothing last', async () => {
  const document = await documentOf(temporaryRun({ gateCases: 200, arms: ['sft-hot'] }))
  const evals = document.rounds[0]?.evals ?? []
  expect(evals.slice(0, 2).map((each) => each.verdict)).toEqual(['REGRESSED', 'REGRESSED'])
  expect(evals[0]?.difference).toBeLessThanOrEqual(evals[1]?.difference ?? -1)
  expect(evals.slice(-2).map((each) => each.role)).toEqual(['future', 'future'])
})

test('buildDocument() shows a lost arm with the trainer’s own reason and no verdict', async () => {
  const document = await documentOf(temporaryRun({ lostArm: 'raft' }))
  const lost = document.rounds.find((round) => round.round === '02-appointment' && round.arm === 'raft')
  expect(lost).toMatchObject({ outcome: 'LOST', evals: [], checkpoints: [] })
  expect(lost?.decidingFact).toBe('the trainer was lost: TRAINER_LOST, "the worker ended with signal SIGKILL"')
})
