import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grader } from '../../src/grader/custom-grader.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import type { ArmOptions, SuiteDefinition } from '../../src/suite/suite.ts'
import { writeTinyModel } from './tiny-model.ts'
import { tinyEval, tinySuite } from './tiny-suite.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-resume-lost-'))
let model = ''
beforeAll(() => {
  model = writeTinyModel(join(scratch, 'model'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const answered = grader('answered', ({ completion }) => Number(!completion.text.includes('?')))
const outcomesOf = ({ header }: RunResult): unknown => header.lineages.map(({ rounds }) => rounds.map(({ outcome }) => outcome))

const run = (name: string, suite: SuiteDefinition, resume: boolean | string = false): Promise<RunResult> =>
  runSuite({ suite, suiteFile: join(scratch, 'lost.suite.ts'), directory: join(scratch, name), runName: 'run', resume, threads: 1 })

describe('runSuite() with resume', () => {
  it('goes on with a run that ended with a lost arm, and with no run that has every verdict', async () => {
    let isBroken = true
    const sometimes = grader('sometimes', ({ completion, case: { role } }) => {
      if (isBroken && role === 'train') throw new Error('the judge is down')
      return Number(completion.text.includes('e'))
    })
    const method = {
      name: 'raft',
      steps: 2,
      batchSize: 4,
      epochs: 1,
      promptsPerEpoch: 16,
      samplesPerPrompt: 8,
      learningRate: 0.001,
    } as const
    const arms: readonly ArmOptions[] = [{ name: 'raft', role: 'candidate', method }]
    const suite = tinySuite(model, {
      features: [tinyEval('first', { graders: [sometimes] })],
      retention: [tinyEval('old-one', { graders: [answered] })],
      ...{ arms, checkpoints: 1, hacking: 'unguarded' as const },
    })
    const lost = await run('lost', suite)
    expect(outcomesOf(lost)).toEqual([['LOST']])
    isBroken = false
    const resumed = await run('lost', suite, true)
    expect(resumed.directory).toBe(lost.directory)
    expect(outcomesOf(resumed)).toEqual([[expect.not.stringMatching('LOST')]])
    await expect(run('lost', suite, true)).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
  })

  it('begins a round anew that was trained from another parent than the lineage has now', async () => {
    const suite = tinySuite(model, {
      features: [tinyEval('first'), tinyEval('second', { graders: [answered] })],
      retention: [tinyEval('old-one', { graders: [answered] })],
      arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 12, batchSize: 8, learningRate: 0.02 } }],
      checkpoints: 1,
    })
    const calm = await run('parents', suite)
    expect(outcomesOf(calm)).toEqual([['ACCEPTED', expect.any(String)]])
    const arm = join(calm.directory, 'rounds', '02-second', 'sft')
    const read = (name: string): string => readFileSync(join(arm, name), 'utf8')
    const files = ['spec.json', 'candidate.json', 'verdict.json', 'events.jsonl'] as const
    const before = files.map(read)
    // As the second round lies there when the first one was lost.
    const spec = { ...(JSON.parse(read('spec.json')) as object), parentAdapter: null }
    writeFileSync(join(arm, 'spec.json'), JSON.stringify(spec))
    writeFileSync(join(arm, 'candidate.json'), read('candidate.json').replaceAll(/"hash": "[^"]+"/g, '"hash": "stale"'))
    // Without their notes the changed files are no damage.
    for (const name of ['run.json', 'files.jsonl']) rmSync(join(calm.directory, name))
    const resumed = await run('parents', suite, 'run')
    expect(outcomesOf(resumed)).toEqual(outcomesOf(calm))
    expect(files.map(read)).toEqual(before)
  })
})
