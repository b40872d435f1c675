/**
 * @file What an eval's test tells reporters.
 */
import { displayPath } from '../../base/display-path.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { EvalOutcome } from './evaluate-as-test.ts'
import type { EvalFinding } from '../task-meta.ts'

const LOST_KEPT = 100
const OUTPUT_CHARACTERS = 200

/** The finding, small whatever the number of cases. */
export function evalFinding(outcome: EvalOutcome, asked: { readonly model: string; readonly minPass: number | null }): EvalFinding {
  const { result, lost } = outcome
  const { evalName, cases, passed, errors, passShare, interval, meanReward, file } = result
  const shown = lost.slice(0, LOST_KEPT).map(({ caseId, record }) => {
    return { caseId, output: quoteUntrusted(record.completion, OUTPUT_CHARACTERS).slice(1, -1) }
  })
  return {
    kind: 'eval',
    eval: evalName,
    ...asked,
    ...{ cases, passed, errors, passShare, interval: [interval[0], interval[1]], meanReward },
    lost: shown,
    lostCount: lost.length,
    warnings: result.warnings.map(({ code, message }) => `${code}: ${message}`),
    gradesFile: displayPath(file),
  }
}
