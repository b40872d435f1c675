import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReportedRound } from '../../../../src/report/sections/evals/data.ts'
import { completionLine, excerpt, stopText } from '../../../../src/report/sections/evals/stop-text.ts'
import { makeHacking, writeWatch } from '../../recorded-watch.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

async function stoppedRound(texts: readonly string[]): Promise<ReportedRound> {
  const directory = temporaryRun({ features: 1, arms: ['grpo'] })
  writeWatch({ directory, round: '01-refill', arm: 'grpo' }, makeHacking(texts))
  return (await documentOf(directory)).rounds[0] as ReportedRound
}

test('stopText() says which checkpoint the candidate is, as it was recorded', async () => {
  const round = await stoppedRound([])
  const kept = (lastGoodStep: number | null, chosenStep: number | null): string | undefined =>
    stopText({ ...round, chosenStep, stopped: { step: 100, reason: 'r', limit: 0.1, completions: [], lastGoodStep } })?.kept
  expect(kept(50, 50)).toBe('The candidate is the last good checkpoint, step 50.')
  expect(kept(50, 25)).toBe('The candidate is the checkpoint of step 25; the last good checkpoint is step 50.')
  expect(kept(50, null)).toBe('There is no candidate; the last good checkpoint is step 50.')
  expect(kept(0, null)).toBe('There is no candidate; only the parent was still good.')
  expect(kept(null, 50)).toBe('The candidate is the checkpoint of step 50.')
  const { stopped: _stopped, ...calm } = round
  expect(stopText(calm)).toBeNull()
})

test('excerpt() cuts long and tall text in two parts that are the text again', () => {
  expect(excerpt('x'.repeat(500))).toEqual({ head: 'x'.repeat(500), rest: null, restCount: '' })
  expect(excerpt('😀'.repeat(1800))).toEqual({ head: '😀'.repeat(480), rest: '😀'.repeat(1320), restCount: '1\u202f320' })
  expect(excerpt('a\n'.repeat(12))).toEqual({ head: 'a\n'.repeat(10), rest: 'a\na\n', restCount: '4' })
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '😀', '\u202e'), maxLength: 1500 }), (text) => {
      const { head, rest } = excerpt(text)
      expect(head + (rest ?? '')).toBe(text)
    }),
  )
})

test('completionLine() is one line, shortened with its length, and names the eval of a replayed case', () => {
  expect(completionLine({ caseId: 'c1', eval: '', reward: 0.98765, text: 'a\n\nb' })).toBe('reward 0.988, case c1: a↵↵b')
  expect(completionLine({ caseId: 'c2', eval: 'old', reward: 1, text: '' })).toBe('reward 1, case old/c2: (empty)')
  expect(completionLine({ caseId: 'c3', eval: '', reward: 0, text: 'x'.repeat(201) })).toBe(
    `reward 0, case c3: ${'x'.repeat(200)}… (201 characters)`,
  )
})
