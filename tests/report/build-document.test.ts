import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RoundVerdict } from '../../src/gate/verdict.ts'
import { buildDocument } from '../../src/report/build-document.ts'
import { readRecordedRun } from '../../src/report/recorded-run.ts'
import { reportDocumentSchema } from '../../src/report/document.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { temporaryRun } from './temporary-run.ts'

async function documentOf(options: Parameters<typeof temporaryRun>[0]): Promise<{ document: ReportDocument; directory: string }> {
  const directory = temporaryRun(options)
  return { document: buildDocument(await readRecordedRun(directory)), directory }
}

function linesOf(...path: string[]): { caseId: string; pass: boolean | null }[] {
  return readFileSync(join(...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { caseId: string; pass: boolean | null })
}

test('buildDocument() repeats the numbers of each verdict.json and names its cases', async () => {
  const { document, directory } = await documentOf({ gateCases: 200 })
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

test('buildDocument() is true to its schema', async () => {
  const { document } = await documentOf({ gateCases: 40 })
  expect(reportDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
})

test('buildDocument() counts pass shares and changes against the model that the round was tuned from', async () => {
  const { document, directory } = await documentOf({ gateCases: 400, arms: ['grpo'] })
  expect(document.arms[0]?.accepted).toEqual(['01-refill', '02-appointment', '03-contact'])
  const share = (path: string): number => linesOf(directory, path).filter((grade) => grade.pass === true).length / 400
  const [first, second] = ['01-refill', '02-appointment'].map((round) => share(`rounds/${round}/grpo/grades/gate.refill.jsonl`))
  const row = document.matrices[0]?.rows.find((each) => each.round === '02-appointment')
  expect(row?.cells.map((cell) => cell.place)).toEqual(['past', 'diagonal', 'future', 'retention', 'retention'])
  expect(row?.cells[0]).toEqual({ eval: 'refill', passShare: second, change: (second ?? 0) - (first ?? 0), n: 400, place: 'past' })
  expect(document.rounds.map((round) => round.parentRound)).toEqual([null, '01-refill', '02-appointment'])
  const matrix = ['01-refill', '02-appointment', '03-contact'].map((round) => share(`rounds/${round}/grpo/grades/gate.refill.jsonl`))
  const appointment = ['02-appointment', '03-contact'].map((round) => share(`rounds/${round}/grpo/grades/gate.appointment.jsonl`))
  const backward = ((matrix[2] ?? 0) - (matrix[0] ?? 0) + (appointment[1] ?? 0) - (appointment[0] ?? 0)) / 2
  expect(document.forgetting[0]?.metrics.find((metric) => metric.name === 'bwt.gem')?.value).toBeCloseTo(backward, 12)
})

test('buildDocument() puts the worst blocking eval first and what decides nothing last', async () => {
  const { document } = await documentOf({ gateCases: 200, arms: ['sft-hot'] })
  const evals = document.rounds[0]?.evals ?? []
  expect(evals.slice(0, 2).map((each) => each.verdict)).toEqual(['REGRESSED', 'REGRESSED'])
  expect(evals[0]?.difference).toBeLessThanOrEqual(evals[1]?.difference ?? -1)
  expect(evals.slice(-2).map((each) => each.role)).toEqual(['future', 'future'])
})

test('buildDocument() says that a run without run.json was interrupted and shows what it had reached', async () => {
  const { document } = await documentOf({ interrupted: true })
  expect(document).toMatchObject({ state: 'interrupted', exitCode: null, summary: null })
  expect(document.headline).toMatch(/^Interrupted\. No candidate arm/)
  const last = document.rounds.filter((round) => round.round === '03-contact')
  expect(last.map((round) => round.outcome)).toEqual(['UNFINISHED', 'UNFINISHED', 'UNFINISHED', 'UNFINISHED'])
  expect(last[0]?.decidingFact).toBe('the run ended during this round')
})

test('buildDocument() shows a lost arm with the trainer’s own reason and no verdict', async () => {
  const { document } = await documentOf({ lostArm: 'raft' })
  const lost = document.rounds.find((round) => round.round === '02-appointment' && round.arm === 'raft')
  expect(lost).toMatchObject({ outcome: 'LOST', evals: [], checkpoints: [] })
  expect(lost?.decidingFact).toBe('the trainer was lost: TRAINER_LOST, "the worker ended with signal SIGKILL"')
})

test('buildDocument() compares two foreign models in mode gate', async () => {
  const { document } = await documentOf({ mode: 'gate', gateCases: 200 })
  expect(document.headline).toBe('BLOCKED: app-2026-11 against app-2026-10.')
  expect(document.matrices[0]?.rows.map((row) => row.label)).toEqual(['app-2026-10', 'gate'])
  expect(document.forgetting).toEqual([])
})

test('buildDocument() adds up cost by place and phase, rates only over entries with tokens', async () => {
  const { document } = await documentOf({ arms: ['sft'], features: 1 })
  expect(document.costs).toEqual([
    {
      round: null,
      arm: null,
      phase: 'grading',
      seconds: 4.1,
      tokens: 21_730,
      tokensPerSecond: 21_730 / 4.1,
      peakResidentBytes: 412_000_000,
    },
    {
      round: '01-refill',
      arm: 'sft',
      phase: 'training',
      seconds: 21,
      tokens: 111_300,
      tokensPerSecond: 5300,
      peakResidentBytes: 412_000_000,
    },
    {
      round: '01-refill',
      arm: 'sft',
      phase: 'grading',
      seconds: 5.2,
      tokens: 27_560,
      tokensPerSecond: 5300,
      peakResidentBytes: 412_000_000,
    },
  ])
})
