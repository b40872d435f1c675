import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LedgerCorruptError } from '../../../../src/ledger/errors.ts'
import { readRecordedRun } from '../../../../src/report/recorded-run.ts'
import { renderReport } from '../../../../src/report/render-report.ts'
import { reportDocumentSchema } from '../../../../src/report/document.ts'
import { makeHacking, STOP_REASON, writeEnd, writeWatch } from '../../recorded-watch.ts'
import { documentOf, HOSTILE, temporaryRun } from '../../temporary-run.ts'

const PART = { round: '01-refill', arm: 'grpo' }

function watchedRun(texts: readonly string[] | null): string {
  const directory = temporaryRun({ features: 1, arms: ['sft', 'grpo'] })
  writeWatch({ directory, ...PART }, texts === null ? null : makeHacking(texts))
  return directory
}

test('buildDocument() gives the mean of each watched signal over the cases that could be graded', async () => {
  const document = await documentOf(watchedRun(null))
  const [unwatched, watched] = document.rounds
  expect(watched?.watch).toEqual([
    { step: 0, meanReward: 0.41, signals: [signal('tone', 5 / 7, 7, 8), signal('twins', 0.5, 10, 10)] },
    { step: 50, meanReward: 0.62, signals: [signal('tone', 5 / 7, 7, 8), signal('twins', 0.6, 10, 10)] },
    { step: 100, meanReward: 0.88, signals: [signal('tone', 4 / 7, 7, 8), signal('twins', 0.3, 10, 10)] },
  ])
  expect(Object.keys(unwatched ?? {})).not.toContain('watch')
  expect(Object.keys(watched ?? {})).not.toContain('stopped')
  expect(reportDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
})

function signal(name: string, mean: number, graded: number, cases: number): unknown {
  return { name, mean, graded, cases }
}

test('buildDocument() tells why a training was stopped, with the highest rewards first', async () => {
  const directory = watchedRun([])
  const [low, high] = [
    { caseId: 'a', eval: '', reward: 0.25, text: 'low' },
    { caseId: 'b', eval: 'old', reward: 1, text: 'high' },
  ]
  writeFileSync(join(directory, 'rounds/01-refill/grpo/hacking.json'), JSON.stringify({ ...makeHacking([]), completions: [low, high] }))
  const document = await documentOf(directory)
  expect(document.rounds[1]?.stopped).toEqual({ step: 100, lastGoodStep: 50, reason: STOP_REASON, limit: 0.1, completions: [high, low] })
  expect(reportDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
})

test('buildDocument() tells a stop from the last look when its record was not written', async () => {
  const directory = watchedRun(['text'])
  rmSync(join(directory, 'rounds/01-refill/grpo/hacking.json'))
  const stopped = (await documentOf(directory)).rounds[1]?.stopped
  expect(stopped).toEqual({ step: 100, lastGoodStep: null, reason: STOP_REASON, limit: null, completions: [] })
})

test('readRecordedRun() refuses a record of a stop that is not true to its schema', async () => {
  const directory = watchedRun(['text'])
  writeFileSync(join(directory, 'rounds/01-refill/grpo/hacking.json'), '{"schemaVersion":1}')
  await expect(readRecordedRun(directory)).rejects.toThrow(LedgerCorruptError)
})

test('renderReport() tells a stopped training in every file and changes no verdict in JUnit', async () => {
  const calm = await renderReport(watchedRun(null))
  const paths = await renderReport(watchedRun([`see https://evil.example ${HOSTILE}`, 'line one\nline two']))
  const [html, markdown, junit] = [paths.htmlPath, paths.markdownPath, paths.junitPath].map((path) => readFileSync(path, 'utf8'))
  const kept = 'The candidate is the checkpoint of step 150; the last good checkpoint is step 50.'
  expect(html).toContain(`<strong>${kept}</strong>`)
  expect(html).not.toMatch(/<img|<!--|\u202e|\u0000|\u001b/i)
  expect(html?.match(/<script\b|<\/script>/g)).toHaveLength(4)
  expect(html).toContain('grpo: training reward and tone, twins by step; stopped at step 100')
  expect(markdown).toContain(`**01-refill · grpo: Training stopped at step 100: suspected reward hacking.** At step 100 the training`)
  expect(markdown).toContain(kept)
  expect(markdown).toContain('- reward 0\\.875, case refill-002\\: line one↵line two')
  expect(markdown).not.toMatch(/https:\/\/evil|<img|<script|<\/script|\u202e|\u001b/i)
  const output = /<system-out>([^<]*)<\/system-out>/.exec(junit ?? '')?.[1]
  expect(output).toContain(kept)
  expect(output).toContain('reward 0.875, case refill-002: line one↵line two')
  expect(junit).not.toMatch(/<img|<!--|\]\]>|\u202e|\u0000|\u001b/i)
  const before = readFileSync(calm.junitPath, 'utf8')
  expect(junit?.replace(/ {4}<system-out>[^<]*<\/system-out>\n/, '')).toBe(before)
})

test('buildDocument() says that a training was stopped before its first good checkpoint, not that the trainer was lost', async () => {
  const directory = temporaryRun({ features: 2, arms: ['raft'], lostArm: 'raft' })
  const part = { directory, round: '02-appointment', arm: 'raft' }
  writeWatch(part, { ...makeHacking(['text']), lastGoodStep: 0 })
  writeEnd(part, { type: 'stopped', step: 100, reason: STOP_REASON })
  const document = await documentOf(directory)
  expect(document.rounds[1]).toMatchObject({ outcome: 'LOST', chosenStep: null })
  expect(document.rounds[1]?.decidingFact).toBe(`the training was stopped and left no checkpoint: ${STOP_REASON}`)
  const html = readFileSync((await renderReport(directory)).htmlPath, 'utf8')
  expect(html).toContain('<strong>There is no candidate; only the parent was still good.</strong>')
})

test('renderReport() shows a lost trainer’s code and whole message, and its first sentence as the fact', async () => {
  const directory = temporaryRun({ features: 2, arms: ['raft'], lostArm: 'raft' })
  const message = 'RUNNER_FAILED  The runner ended at step 60: CUDA out of memory\n  where  runner.log\n  fix    lower <batchSize>'
  writeEnd({ directory, round: '02-appointment', arm: 'raft' }, { type: 'lost', code: 'RUNNER_FAILED', message })
  const document = await documentOf(directory)
  expect(document.rounds[1]?.lost).toEqual({ code: 'RUNNER_FAILED', message })
  expect(document.rounds[1]?.decidingFact).toBe('the trainer was lost: RUNNER_FAILED, "The runner ended at step 60: CUDA out of memory"')
  const html = readFileSync((await renderReport(directory)).htmlPath, 'utf8')
  expect(html).toContain('the trainer was lost with <span class="code">RUNNER_FAILED</span>.')
  expect(html).toContain('CUDA out of memory\n  where  runner.log\n  fix    lower &lt;batchSize&gt;</pre>')
})

test('renderReport() tells a lost round in Markdown also when a later round decided its arm', async () => {
  const directory = temporaryRun({ features: 3, arms: ['sft-hot'], lostArm: 'sft-hot', gateCases: 200 })
  const document = await documentOf(directory)
  expect(document.rounds.map((round) => round.outcome)).toEqual(['BLOCKED', 'LOST', 'BLOCKED'])
  const markdown = readFileSync((await renderReport(directory)).markdownPath, 'utf8')
  expect(markdown).toContain('> 02-appointment · sft-hot: the trainer was lost: TRAINER\\_LOST, "the worker ended with signal SIGKILL"')
})
