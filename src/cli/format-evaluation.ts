/**
 * @file What `eval` prints about an eval's grades beyond the failures: shares with intervals, what repeats buy, readiness, twins, audits, tokens.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { EvaluationSummary, MeanOverCases } from '../round/evaluation/evaluation-summary.ts'
import type { ScalingRow } from '../round/evaluation/inference-scaling-table.ts'
import { readinessSentence } from '../round/evaluation/readiness.ts'
import { percent } from './format-result.ts'

/** Lines of a summary without the first one, which names eval and model; empty parts are left out. */
export function formatSummary(summary: EvaluationSummary): string {
  const { reward, readiness, temperature, repeats } = summary
  const lines = [shareLine(summary)]
  if (reward !== null) lines.push(`reward     ${meanText(reward)}`)
  if (summary.ungradedCompletions > 0) lines.push(`ungraded   ${summary.ungradedCompletions} of ${summary.completions} completions`)
  lines.push(...scalingLines(summary.scaling))
  if (repeats > 1) lines.push(`readiness  ${readinessSentence(readiness, temperature)}`)
  lines.push(...twinLines(summary), ...auditLines(summary.audit), ...tokenLines(summary))
  return lines.join('\n')
}

function shareLine({ passShare, interval, cases, reducer, repeats }: EvaluationSummary): string {
  const by = repeats > 1 ? `, ${reducer} of ${repeats} completions each` : ''
  if (passShare === null) return `passed     nothing could be graded: ${countOf(cases, 'case')}${by}`
  const [lower, upper] = interval.map(percent)
  return `passed     ${percent(passShare)} of ${countOf(cases, 'case')}${by} (95 % interval ${lower} to ${upper})`
}

function scalingLines(rows: readonly ScalingRow[]): readonly string[] {
  if (rows.length === 0) return []
  const cells = rows.map((row) => [
    `k = ${row.k}`,
    share(row.passAtK),
    share(row.passHatK),
    share(row.majority),
    row.bestReward === null ? '-' : row.bestReward.toFixed(3),
    row.tokens === null ? '-' : row.tokens.toFixed(0),
    String(row.cases),
  ])
  const table = [['scaling', 'pass@k', 'pass^k', 'majority@k', 'best-of-k reward', 'tokens a case', 'cases'], ...cells]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return table.map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(9) : cell.padStart(widths[at] ?? 0))).join('  '))
}

function twinLines({ twins }: EvaluationSummary): readonly string[] {
  if (twins === null) return []
  const { gap, interval, caseShare, twinShare, pairs } = twins
  const [lower, upper] = interval.map(points)
  const shares = `cases ${percent(caseShare)}, their twins ${percent(twinShare)}`
  return [`twin gap   ${points(gap)} points (95 % interval ${lower} to ${upper}): ${shares}, ${countOf(pairs, 'pair')}`]
}

function auditLines(audit: EvaluationSummary['audit']): readonly string[] {
  return Object.entries(audit).map(([name, mean]) => `audit      ${quoteUntrusted(name)} ${meanText(mean)}`)
}

function tokenLines({ tokens: { promptTokens, completionTokens, uncounted } }: EvaluationSummary): readonly string[] {
  if (promptTokens === null && completionTokens === 0) return []
  const asked = promptTokens === null ? '' : `${promptTokens.toLocaleString('en-US')} asked, `
  const unknown = uncounted === 0 ? '' : `; not known for ${countOf(uncounted, 'completion')}`
  return [`tokens     ${asked}${completionTokens.toLocaleString('en-US')} drawn${unknown}`]
}

function meanText({ mean, stderr }: MeanOverCases): string {
  return stderr === null ? `mean ${mean.toFixed(3)}` : `mean ${mean.toFixed(3)} (standard error ${stderr.toFixed(3)})`
}

function share(value: number | null): string {
  return value === null ? '-' : percent(value)
}

/** A share as percentage points with their sign. */
function points(value: number): string {
  return `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
}
