import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoundVerdict } from '../../src/gate/verdict.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { writeTinyModel } from './tiny-model.ts'
import { TINY_ARMS, tinyEval, tinySuite } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-grader-failures-'))
const suiteFile = new URL('./tiny-suite.ts', import.meta.url).pathname
let model = ''

beforeAll(() => {
  model = writeTinyModel(join(directory, 'model'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Gives one point for everything, except that it throws for cases of one role. */
const brokenFor = (role: string): ReturnType<typeof grader> =>
  grader('broken', ({ case: row }) => {
    if (row.role === role) throw new Error(`no answer for ${row.id}`)
    return 1
  })

async function run(name: string, options: Partial<SuiteOptions>): Promise<RunResult & { events: readonly RunEvent[] }> {
  const events: RunEvent[] = []
  const suite = tinySuite(model, { checkpoints: 1, features: [tinyEval('first')], hacking: 'unguarded', ...options })
  const onEvent = (event: RunEvent): void => void events.push(event)
  const result = await runSuite({ suite, suiteFile, directory: join(directory, 'reports'), runName: name, threads: 1, onEvent })
  return { ...result, events }
}

function verdictOf(result: RunResult, arm: string): RoundVerdict {
  return JSON.parse(readFileSync(join(result.directory, 'rounds/01-first', arm, 'verdict.json'), 'utf8')) as RoundVerdict
}

/** Enough steps for the tiny model to learn the feature. */
const learning = { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 12, batchSize: 8, learningRate: 0.02 } } as const

describe('runSuite()', () => {
  it('loses an arm whose rewards cannot be given, and goes on with the others', async () => {
    const result = await run('rewards', { features: [tinyEval('first', { graders: [brokenFor('train')] })], arms: TINY_ARMS })
    const outcomes = result.header.lineages.map(({ arm, rounds }) => [arm, rounds[0]?.outcome === 'LOST'])
    expect(outcomes).toEqual([
      ['sft', false],
      ['raft', true],
      ['grpo', true],
    ])
    const lost = result.events.flatMap((event) => (event.type === 'round-finished' && event.lost !== undefined ? [event.lost] : []))
    expect(lost[1]).toMatchInlineSnapshot(`
      "REWARD_ERRORS  Training stopped: 64 of 64 completions could not be graded, a tenth is the limit
        where  round "01-first", arm "grpo"
        fix    make the graders of this eval return a reward for every completion; \`holdfast eval\` shows which errors they give"
    `)
    const events = readFileSync(join(result.directory, 'rounds/01-first/sft/events.jsonl'), 'utf8')
    expect(events).toContain('"type":"finished"')
    expect(result.exitCode).toBe(3)
  })

  it('calls an eval INCONCLUSIVE whose gate grades fail beyond the error budget, and accepts nothing', async () => {
    const retention = [tinyEval('old-one', { graders: [brokenFor('gate')] }), tinyEval('old-two', { graders: [brokenFor('none')] })]
    const result = await run('gate-errors', { retention, arms: TINY_ARMS.slice(0, 1) })
    const verdict = verdictOf(result, 'sft')
    const old = verdict.evals.filter((one) => one.role === 'old')
    expect(old.map((one) => [one.name, one.verdict, one.errors, one.flags.overErrorBudget])).toEqual([
      ['old-one', 'INCONCLUSIVE', 60, true],
      ['old-two', 'HELD', 0, false],
    ])
    expect(verdict.verdict).not.toBe('ACCEPTED')
    expect(verdict.reasons.join('\n')).toContain('60 pairs could not be graded (100.0 %), more than the error budget')
    expect(readFileSync(join(result.directory, 'grades/base/gate.old-one.jsonl'), 'utf8')).toContain('"errorCode":"GRADER_THREW"')
  })

  it('warns of gates that are too small, and never accepts a round whose old evals are all advisory', async () => {
    const perfect = (name: string): ReturnType<typeof tinyEval> => tinyEval(name, { graders: [brokenFor('none')] })
    const options = { retention: [perfect('old-one'), perfect('old-two')], gate: { margin: 0.05 }, arms: [learning] }
    const result = await run('small-gate', options)
    const warnings = result.events.flatMap((event) => (event.type === 'warning' && !event.code.startsWith('ANSWERS_') ? [event] : []))
    expect(warnings.map(({ code }) => code)).toEqual([
      ...Array<string>(3).fill('GATE_TOO_SMALL'),
      ...Array<string>(2).fill('DEV_TOO_SMALL'),
    ])
    expect(warnings[1]?.message).toMatchInlineSnapshot(`
      "Eval "old-one" is advisory: it has 60 gate cases, a 5-point margin needs about 410 at the declared 10 % flips for 85 % of harmless rounds to be ACCEPTED (2 comparisons must all pass)
        where  tests/round/tiny-suite.ts
        fix    add gate cases, or widen the margin of this eval (60 cases support about 15 points)"
    `)
    const verdict = verdictOf(result, 'sft')
    expect(verdict.evals.filter((one) => one.role === 'old').map((one) => [one.verdict, one.blocking, one.mustHold])).toEqual([
      ['HELD', true, false],
      ['HELD', true, false],
    ])
    expect(verdict.reasons.at(-1)).toBe(
      'every old eval is advisory or declared as not blocking, so nothing could show that the old features were kept',
    )
    expect([verdict.verdict, result.exitCode]).toEqual(['INCONCLUSIVE', 2])
  })
})
