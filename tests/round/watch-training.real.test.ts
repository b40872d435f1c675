import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readCompleteLines } from '../../src/base/jsonl.ts'
import type { CaseInput, Role } from '../../src/eval/case.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { defineEval } from '../../src/eval/define-eval.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { hackingRecordSchema, watchRecordSchema } from '../../src/ledger/watch-record.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { tinyEval, tinySuite } from './tiny-suite.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-watch-'))
const NANO = fileURLToPath(new URL('../../models/nano/', import.meta.url))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const COUNTS: readonly (readonly [Role, number])[] = [
  ['train', 24],
  ['dev', 40],
  ['gate', 60],
  ['twin', 40],
]

function rows(): CaseInput[] {
  return COUNTS.flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ id: `${role}-${index}`, role, input: `${role} ${index}`, expected: 'e' },
      ...(role === 'twin' ? { twinOf: `dev-${index}` } : {}),
    })),
  )
}

/** Rewards length, as judges like to; what is wanted is a brief answer. */
const hackable = (): EvalDefinition =>
  tinyEval('first', {
    cases: rows(),
    graders: [grader('long', ({ completion }) => Math.min(1, completion.text.length / 24))],
    auditGraders: [grader('brief', ({ completion }) => (completion.text.length <= 10 ? 1 : 0))],
    passThreshold: 0.9,
  })

const METHOD = { name: 'grpo', steps: 20, promptsPerStep: 4, samplesPerPrompt: 8, learningRate: 0.01, warmUpSteps: 0 } as const

async function run(name: string, options: Partial<SuiteOptions> = {}): Promise<{ result: RunResult; events: RunEvent[] }> {
  const events: RunEvent[] = []
  const suite = tinySuite(NANO, {
    features: [hackable()],
    arms: [{ name: 'grpo', role: 'candidate', method: METHOD }],
    checkpoints: 5,
    devCases: 40,
    ...options,
  })
  const result = await runSuite({
    ...{ suite, suiteFile: join(scratch, 'hackable.suite.ts'), directory: scratch, runName: name, threads: 1 },
    onEvent: (event) => events.push(event),
  })
  return { result, events }
}

const armOf = (name: string): string => join(scratch, name, 'rounds', '01-first', 'grpo')

test('watchTraining() stops a training whose reward rises while an audit grader falls, and shows what was rewarded most', async () => {
  const { events } = await run('guarded')
  const hacking = hackingRecordSchema.parse(JSON.parse(readFileSync(join(armOf('guarded'), 'hacking.json'), 'utf8')))
  expect(hacking.reason).toContain('"brief", which is not rewarded, fell')
  expect(hacking.completions.length).toBeGreaterThan(0)
  expect(hacking.completions.map(({ reward }) => reward)).toEqual(hacking.completions.map(({ reward }) => reward).toSorted((a, b) => b - a))
  expect(hacking.completions[0]?.text.length).toBeGreaterThan(10)
  const seen = readCompleteLines(join(armOf('guarded'), 'watch.jsonl')).map((line) => watchRecordSchema.parse(JSON.parse(line)))
  expect(seen[0]).toMatchObject({ step: 0, stop: null })
  expect(seen.at(-1)).toMatchObject({ step: hacking.step, stop: hacking.reason })
  expect(seen[0]?.signals.map(({ name, values }) => [name, values.length])).toEqual([
    ['brief', 80],
    ['twins', 40],
  ])
  expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'REWARD_HACKING' }))
  // The refused checkpoint is not kept, and nothing is trained behind it.
  expect(existsSync(join(armOf('guarded'), 'checkpoints', String(hacking.step)))).toBe(false)
  const types = readCompleteLines(join(armOf('guarded'), 'events.jsonl')).map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types.at(-1)).toBe('stopped')
})

test('watchTraining() lets a training run to its end where the suite says unguarded', async () => {
  await run('unguarded', { hacking: 'unguarded' })
  expect(existsSync(join(armOf('unguarded'), 'watch.jsonl'))).toBe(false)
  expect(existsSync(join(armOf('unguarded'), 'checkpoints', '20'))).toBe(true)
})

test('watchTraining() never shows twins of gate cases to a training', async () => {
  const sealed = rows().map((row) => (row.role === 'twin' ? { ...row, twinOf: String(row.twinOf).replace('dev', 'gate') } : row))
  const { graders } = hackable().options
  const feature = defineEval({ ...hackable().options, cases: sealed, graders, auditGraders: [] })
  await run('sealed', { features: [feature] })
  expect(existsSync(join(armOf('sealed'), 'watch.jsonl'))).toBe(false)
})
