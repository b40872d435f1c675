import { expect, test } from 'vitest'
import type { ReportDocument } from '../../../../src/report/document.ts'
import { junitXml } from '../../../../src/report/junit-xml.ts'
import { markdownSummary } from '../../../../src/report/markdown-summary.ts'
import { evalsView } from '../../../../src/report/sections/evals/view.ts'
import { documentWith } from '../../changed-document.ts'

const rowOf = (document: ReportDocument, name: string) =>
  evalsView(document).rounds[0]?.arms[0]?.rows.find((row) => row.name === name) ?? expect.fail(name)

test('buildDocument() keeps an advisory eval able to block and says that HELD is not asked of it', async () => {
  const document = await documentWith({})
  const small = document.rounds[0]?.evals.find(({ name }) => name === 'general-text')
  expect(small).toMatchObject({ role: 'old', blocking: true, mustHold: false })
  expect(rowOf(document, 'general-text')).toMatchObject({ roleWord: 'advisory' })
  expect(rowOf(document, 'general-text').notes).toContain(
    'advisory: too few gate cases for its margin; HELD is not asked of it, a proven loss blocks',
  )
  expect(markdownSummary(document)).toContain('| general-text | advisory |')
})

test('junitXml() fails for a proven loss of an advisory eval, and skips one that was declared as not blocking', async () => {
  const lost = { verdict: 'REGRESSED', mustHold: false, reason: 'general-json REGRESSED' } as const
  expect(junitXml(await documentWith({ ...lost, blocking: true }))).toContain('<failure message="general-json REGRESSED"/>')
  const left = await documentWith({ ...lost, blocking: false, advisoryReason: 'declared as not blocking' })
  expect(junitXml(left)).toContain('<skipped message="general-json REGRESSED"/>')
  expect(rowOf(left, 'general-json')).toMatchObject({ roleWord: 'not blocking' })
  expect(rowOf(left, 'general-json').notes).toContain('declared as not blocking: no loss of it blocks')
  expect(markdownSummary(left)).toContain('| general-json | not blocking |')
})

test('evalsView() reports a relative margin as such', async () => {
  const document = await documentWith({ margin: 0.03, relativeMargin: { declared: 0.05, share: 0.25, anchorScore: 0.12 } })
  expect(rowOf(document, 'general-json').notes).toContain(
    'relative margin: 3.0 points instead of 5.0, 25.0 % of what the anchor has above chance (12.0 on dev cases)',
  )
})

test('the report says why a checkpoint was chosen, and that none kept everything', async () => {
  const reason = 'no checkpoint kept every old eval within its margin on dev; step 50 goes least beyond: refill -12.0 points'
  const document = await documentWith({}, { choice: { reason, eligible: false } })
  expect(evalsView(document).rounds[0]?.arms[0]?.parent).toContain(`(chosen on dev: ${reason.replace('-12', '−12')})`)
  expect(markdownSummary(document)).toContain('no checkpoint kept every old eval within its margin on dev')
  const kept = await documentWith({}, { choice: { reason: 'step 50 has the best dev score', eligible: true } })
  expect(markdownSummary(kept)).not.toContain('best dev score')
})

test('buildDocument() gives the ids of exactly the cases that it counts as lost', async () => {
  const document = await documentWith({})
  for (const round of document.rounds) for (const each of round.evals) expect(each.lostCases).toHaveLength(each.lost)
  expect(document.rounds.flatMap(({ evals }) => evals.flatMap(({ lostCases }) => lostCases)).length).toBeGreaterThan(0)
})
