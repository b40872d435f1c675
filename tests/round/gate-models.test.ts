import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gateModels, type GateModelsOptions } from '../../src/round/gate-models.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { writeTinyModel } from './tiny-model.ts'
import { TINY_ARMS, tinySuite } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-gate-models-'))
const suiteFile = new URL('./tiny-suite.ts', import.meta.url).pathname
const reports = join(directory, 'reports')
let model = ''
let adapter = ''
let count = 0

beforeAll(async () => {
  model = writeTinyModel(join(directory, 'model'))
  const arms = [{ ...(TINY_ARMS[0] as (typeof TINY_ARMS)[number]), method: { name: 'sft', steps: 12, batchSize: 8, learningRate: 0.02 } }]
  const suite = tinySuite(model, { arms, checkpoints: 1 })
  const run = await runSuite({ suite, suiteFile, directory: reports, runName: 'training', threads: 1 })
  adapter = join(run.directory, 'rounds/01-first/sft/checkpoints/12')
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

function gate(options: Partial<GateModelsOptions> = {}): Promise<RunResult> {
  const suite = tinySuite(model, { arms: TINY_ARMS })
  const runName = `gate-${count++}`
  return gateModels({ suite, suiteFile, parent: model, candidate: model, directory: reports, runName, ...options })
}

const verdictIn = (result: RunResult): { differences: unknown; evals: { name: string; role: string; verdict: string }[]; reasons: string[] } =>
  JSON.parse(readFileSync(join(result.directory, 'rounds/01-gate/candidate/verdict.json'), 'utf8')) as ReturnType<typeof verdictIn>

describe('gateModels()', () => {
  it('accepts a model against itself when no eval is at its floor and the gate is large enough', async () => {
    const result = await gate()
    const verdict = verdictIn(result)
    expect(verdict.evals.map((one) => [one.name, one.role, one.verdict])).toEqual([
      ['first', 'old', 'HELD'],
      ['second', 'old', 'HELD'],
      ['old-one', 'old', 'HELD'],
      ['old-two', 'old', 'HELD'],
    ])
    expect(verdict.differences).toEqual([])
    expect([result.exitCode, result.header.summary]).toEqual([0, 'ACCEPTED: 4 of 4 blocking old evals HELD'])
  })
})
