import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readGrades } from '../../src/ledger/grade-file.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { gateModels, type GateModelsOptions } from '../../src/round/gate-models.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { writeTinyModel } from './tiny-model.ts'
import { TINY_ARMS, tinyEval, tinySuite } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-gate-models-'))
const suiteFile = new URL('./tiny-suite.ts', import.meta.url).pathname
const reports = join(directory, 'reports')
let model = ''
let adapter = ''
let count = 0

beforeAll(async () => {
  model = writeTinyModel(join(directory, 'model'))
  const arms = [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 12, batchSize: 8, learningRate: 0.02 } } as const]
  const suite = tinySuite(model, { arms, checkpoints: 1 })
  const run = await runSuite({ suite, suiteFile, directory: reports, runName: 'training', threads: 1 })
  adapter = join(run.directory, 'rounds/01-first/sft/checkpoints/12')
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** What every model can do, tuned or not: ask nothing back. */
const answered = grader('answered', ({ completion }) => Number(!completion.text.includes('?')))
const features = [tinyEval('first'), tinyEval('second', { graders: [answered] })]
const retention = [tinyEval('old-one', { graders: [answered] }), tinyEval('old-two', { graders: [answered] })]

async function gate(options: Partial<GateModelsOptions> = {}): Promise<RunResult & { readonly events: readonly RunEvent[] }> {
  const suite = tinySuite(model, { features, retention, arms: TINY_ARMS })
  const events: RunEvent[] = []
  const onEvent = (event: RunEvent): void => void events.push(event)
  const runName = `gate-${count++}`
  const result = await gateModels({ suite, suiteFile, parent: model, candidate: model, directory: reports, runName, onEvent, ...options })
  return { ...result, events }
}

interface WrittenVerdict {
  readonly differences: unknown
  readonly evals: readonly { readonly name: string; readonly role: string; readonly verdict: string }[]
}

const writtenVerdict = (result: RunResult): WrittenVerdict =>
  JSON.parse(readFileSync(join(result.directory, 'rounds/01-gate/candidate/verdict.json'), 'utf8')) as WrittenVerdict

const verdictsOf = (result: RunResult): string[] => writtenVerdict(result).evals.map((one) => `${one.name} ${one.role} ${one.verdict}`)

describe('gateModels()', () => {
  it('accepts an adapter against itself, and sees no difference between the two', async () => {
    const result = await gate({ parent: adapter, candidate: adapter })
    expect(verdictsOf(result)).toEqual(['first old HELD', 'second old HELD', 'old-one old HELD', 'old-two old HELD'])
    expect(writtenVerdict(result).differences).toEqual([])
    expect([result.exitCode, result.header.summary]).toEqual([0, 'ACCEPTED: 4 of 4 blocking old evals HELD'])
  })

  it('does not block a model against itself, and claims nothing was held of what it never could', async () => {
    const result = await gate()
    expect(verdictsOf(result)).toEqual(['first old INCONCLUSIVE', 'second old HELD', 'old-one old HELD', 'old-two old HELD'])
    expect(result.exitCode).toBe(2)
    expect(result.header.summary).toContain("the parent's score is not above chance by the margin of 30 points")
  })

  it('accepts an adapter that learned the target, and blocks the way back for the target it misses', async () => {
    const forth = await gate({ candidate: adapter, target: 'first' })
    expect(verdictsOf(forth)).toEqual(['first target IMPROVED', 'second old HELD', 'old-one old HELD', 'old-two old HELD'])
    expect(forth.exitCode).toBe(0)
    const back = await gate({ parent: adapter, candidate: model, target: 'first' })
    expect(back.exitCode).toBe(1)
    expect(back.header.summary).toMatch(/^BLOCKED: first MISSED against parent: -/)
  })

  it('blocks a candidate without a target for what it lost', async () => {
    const result = await gate({ parent: adapter, candidate: model })
    expect(result.exitCode).toBe(1)
    expect(result.header.summary).toMatch(/^BLOCKED: first REGRESSED against parent: -/)
  })

  it('blocks for the loss of an eval that is too small to be HELD, by its own cases or by a budget', async () => {
    const counts = Object.entries({ train: 4, dev: 4, gate: 20 }) as ['train' | 'dev' | 'gate', number][]
    const cases = counts.flatMap(([role, count]) =>
      Array.from({ length: count }, (_, at) => ({ id: `small-${role}-${at}`, role, input: `small ${role} ${at}`, expected: 'e' })),
    )
    const small = { eval: tinyEval('small', { cases }), margin: 0.05 }
    const held = [tinyEval('old-one', { graders: [answered] }), tinyEval('old-two', { graders: [answered] })]
    const suite = tinySuite(model, { features: [features[1] as (typeof features)[number]], retention: [small, ...held] })
    const own = await gate({ suite, parent: adapter, candidate: model })
    expect(
      own.events.flatMap((event) => (event.type === 'warning' && event.code === 'GATE_TOO_SMALL' ? [event.message.split(',')[0]] : [])),
    ).toEqual(['Eval "small" is advisory: it has 20 gate cases'])
    expect(own.exitCode).toBe(1)
    expect(own.header.summary).toMatch(/^BLOCKED: small REGRESSED against parent: -/)
    expect(writtenVerdict(own).evals.find(({ name }) => name === 'small')).toMatchObject({ blocking: true, mustHold: false })
    const cut = tinySuite(model, { features, retention, budgets: { few: { gateCases: 12 } }, gate: { margin: 0.1 } })
    const byBudget = await gate({ suite: cut, budget: 'few', parent: adapter, candidate: model })
    expect(byBudget.exitCode).toBe(1)
    expect(writtenVerdict(byBudget).evals.every((one) => !(one as unknown as { mustHold: boolean }).mustHold)).toBe(true)
  })

  it('judges a low-scoring eval at a relative margin, fixed from the parent on dev cases', async () => {
    const suite = tinySuite(model, { features, retention, gate: { margin: 0.3, relativeMargin: 0.1, relativeMarginBelow: 1 } })
    const result = await gate({ suite, parent: adapter, candidate: adapter })
    const dev = await readGrades(join(result.directory, 'grades/base/dev.first.jsonl'))
    const passed = dev.filter(({ pass }) => pass).length
    const found = writtenVerdict(result).evals.find((one) => one.name === 'first') as unknown as { margin: number; relativeMargin?: object }
    const expected = passed === dev.length ? { margin: 0.3 } : { margin: 0.1 * (passed / dev.length) }
    expect(found.margin).toBeCloseTo(expected.margin, 12)
    expect(found.relativeMargin === undefined).toBe(passed === dev.length)
    expect(existsSync(join(result.directory, 'grades/base/dev.old-one.jsonl'))).toBe(true)
  })

  it('says which features there are when the target is none of them, before any run is written', async () => {
    const error = await gate({ target: 'old-one', runName: 'never' }).catch((reason: Error) => reason)
    expect((error as Error).message.replaceAll(suiteFile, '<suite>')).toMatchInlineSnapshot(`
      "TARGET_UNKNOWN  The suite has no feature "old-one"
        where  <suite>
        fix    name one of its features: first, second"
    `)
    expect(existsSync(join(reports, 'never'))).toBe(false)
  })

  it('reports a different chat template instead of refusing it, in the verdict, in a warning and in the report', async () => {
    const copy = join(directory, 'other-template')
    cpSync(model, copy, { recursive: true })
    const template = join(copy, 'chat_template.jinja')
    writeFileSync(template, `{{ 'Hello. ' }}${readFileSync(template, 'utf8')}`)
    const result = await gate({ candidate: copy })
    const rendered = (evalName: string): object => ({ evalName, hash: 'rendered', pairs: 60, caseIds: expect.any(Array) as unknown })
    expect(writtenVerdict(result).differences).toEqual(['first', 'second', 'old-one', 'old-two'].map(rendered))
    const warnings = result.events.flatMap((event) => (event.type === 'warning' && event.code === 'MODELS_DIFFER' ? [event.message] : []))
    expect(warnings[0]).toMatchInlineSnapshot(
      `"The two models differ in their prompt tokens (chat template or tokenizer) on 60 pairs of eval "first", for example case "first-gate-0"; the verdict compares them as they are"`,
    )
    expect(warnings).toHaveLength(4)
    const { htmlPath } = await renderReport(result.directory)
    expect(readFileSync(htmlPath, 'utf8')).toContain('first: rendered of 60 pairs')
  })

  it('takes the base of an adapter from its option when adapter_config.json names none that is there', async () => {
    const copy = join(directory, 'moved-adapter')
    cpSync(adapter, copy, { recursive: true })
    const config = join(copy, 'adapter_config.json')
    writeFileSync(config, readFileSync(config, 'utf8').replace(/("base_model_name_or_path": *)"[^"]*"/, '$1"/nowhere/model"'))
    const error = await gate({ candidate: copy }).catch((reason: Error) => reason)
    expect((error as Error).message).toContain('ADAPTER_BASE_UNKNOWN')
    expect((await gate({ candidate: copy, base: model, target: 'first' })).exitCode).toBe(0)
  })
})
