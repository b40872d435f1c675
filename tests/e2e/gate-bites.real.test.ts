/**
 * @file Proof that the gate bites, on the bundled model and the example app's own evals: ten times the suite's learning rate is stopped for what it
 * lost, and a training that changes nothing loses nothing and is stopped for the missed target alone.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import refill from '../../evals/refill/refill.eval.ts'
import generalJson from '../../evals/retention/general-json/general-json.eval.ts'
import generalText from '../../evals/retention/general-text/general-text.eval.ts'
import type { RoundVerdict } from '../../src/gate/verdict.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import { defineSuite } from '../../src/suite/define-suite.ts'
import clinic from '../../suites/clinic.suite.ts'

const options = clinic.options
const armNamed = (name: string): (typeof options.arms)[number] => options.arms.find((arm) => arm.name === name) ?? expect.fail(name)
const gentle = armNamed('sft')
const { learningRate } = (gentle.method as { optimizer: { learningRate: number } }).optimizer

/** The suite's own sft arm with another learning rate, as a control. */
const atRate = (name: string, rate: number): (typeof options.arms)[number] => ({
  name,
  role: 'control',
  method: Object.assign({}, gentle.method, { steps: 24, optimizer: { learningRate: rate } }),
})

const suite = defineSuite({
  ...options,
  name: 'gate-bites',
  features: [refill],
  retention: [generalJson, generalText],
  arms: [atRate('sft-hot', 10 * learningRate), atRate('sft-still', 0)],
  checkpoints: 1,
  budgets: { test: { gateCases: 300, twinCases: 0, devCases: 30 } },
})

const reports = mkdtempSync(join(tmpdir(), 'holdfast-bites-'))
let result: RunResult

beforeAll(async () => {
  const suiteFile = fileURLToPath(import.meta.url)
  result = await runSuite({ suite, suiteFile, budget: 'test', directory: reports, runName: 'bites' })
})

afterAll(() => rmSync(reports, { recursive: true, force: true }))

function verdictOf(arm: string): RoundVerdict {
  const path = join(result.directory, 'rounds', '01-refill', arm, 'verdict.json')
  return JSON.parse(readFileSync(path, 'utf8')) as RoundVerdict
}

describe('runSuite() on the bundled model', () => {
  it('blocks an arm with ten times the learning rate because an old eval regressed', () => {
    const verdict = verdictOf('sft-hot')
    const regressed = verdict.evals.filter((one) => one.role === 'old' && one.verdict === 'REGRESSED')
    expect(verdict.verdict).toBe('BLOCKED')
    expect(regressed.length).toBeGreaterThan(0)
    expect(verdict.reasons[0]).toMatch(/^general-(json|text) REGRESSED against parent: -\d+\.\d points/)
    expect(Math.min(...regressed.map((one) => one.difference))).toBeLessThan(-0.1)
  })

  it('holds every old eval of an arm with learning rate 0 and blocks its round only for the missed target', () => {
    const verdict = verdictOf('sft-still')
    const old = verdict.evals.filter((one) => one.role === 'old')
    expect(old.map((one) => [one.name, one.verdict, one.lost, one.gained])).toEqual([
      ['general-json', 'HELD', 0, 0],
      ['general-text', 'HELD', 0, 0],
    ])
    expect(verdict.verdict).toBe('BLOCKED')
    expect(verdict.reasons).toHaveLength(1)
    expect(verdict.reasons[0]).toMatch(/^refill MISSED against parent: 0\.0 points .*; the declared minimum gain is 5 points$/)
  })

  it('ends with exit code 2 when controls alone were run', () => {
    expect([result.exitCode, result.header.summary]).toEqual([2, 'INCONCLUSIVE: no candidate arm was run, controls alone decide nothing'])
  })
})
