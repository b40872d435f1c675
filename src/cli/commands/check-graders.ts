/**
 * @file `holdfast check-graders <eval>`: tries an eval's graders on answers that are known to be wrong or right.
 */
import { join } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { writeWholeFile } from '../../base/whole-file.ts'
import type { Eval } from '../../eval/eval.ts'
import type { GraderModels } from '../../eval/grader.ts'
import type { GraderCheck, GraderResult, MutationResult } from '../../grading/check-graders.ts'
import type { NamedAgreement } from '../../round/evaluation/judge-agreement.ts'
import type { ExitCode } from '../exit-code.ts'
import { percent } from '../format-result.ts'
import { loadEval } from '../load-definition.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `check-graders`, as commander gives them. */
export interface CheckGradersFlags {
  /** Cases to try; default 20. */
  readonly limit?: number
  readonly seed?: number
  readonly reports?: string
}

/** Checks, prints, keeps the result under reports/graders; answers 1 when a grader has a hole or fails what is right, 3 when nothing could be graded. */
export async function checkGradersCommand(given: string, flags: CheckGradersFlags, terminal: Terminal): Promise<ExitCode> {
  const { definition, file } = await loadEval(given)
  const { loadEval: readEval } = await import('../../eval/load-eval.ts')
  const { checkGraders } = await import('../../grading/check-graders.ts')
  const { holesOf, refusedAsReward } = await import('../../grading/mutations/reward-holes.ts')
  const { missedOf, shownAnswersOf } = await import('../../grading/mutations/missed-answers.ts')
  const checked = await readEval(definition, { origin: file })
  const { createGraderModels } = await import('../../grading/grader-models.ts')
  const models = createGraderModels()
  try {
    const { limit, seed } = flags
    const options = { ...(limit === undefined ? {} : { cases: limit }), ...(seed === undefined ? {} : { seed }), models }
    const check = await checkGraders(checked, options)
    const agreements = await agreementsOf(checked, limit, models)
    const found = {
      holes: holesOf(check),
      refused: refusedAsReward(checked, check),
      missed: missedOf(check, await shownAnswersOf(checked)),
    }
    const kept = join(flags.reports ?? 'reports', 'graders', `${checked.name}.json`)
    writeWholeFile(kept, `${JSON.stringify({ ...check, ...found, agreements }, null, 2)}\n`)
    terminal.out.write(`${[checkBlock(check, found), ...agreements.map(agreementLine)].join('\n')}\nkept     ${displayPath(kept)}\n`)
    if (found.holes.length > 0 || found.missed.length > 0) return 1
    return isTried(check) ? 0 : 3
  } finally {
    await models.close()
  }
}

/** Judges asked about the answers that people chose and rejected, where an eval has both. */
async function agreementsOf(checked: Eval, limit: number | undefined, models: GraderModels): Promise<readonly NamedAgreement[]> {
  const { agreementOf } = await import('../../round/evaluation/judge-agreement.ts')
  return agreementOf(checked, { cases: limit ?? 20, models })
}

/** For example: agrees   judge "polite" with people on 17 of 20 answers, 85.0 % (95 % interval 64.0 % to 94.8 %), kappa 0.70 */
export function agreementLine({ judge, compared, agreed, ungraded, share: agreedShare, interval, kappa }: NamedAgreement): string {
  const missing = ungraded === 0 ? '' : `; ${ungraded} could not be graded`
  if (agreedShare === null) return `agrees   judge ${quoteUntrusted(judge)} graded none of the answers that people labelled${missing}`
  const [lower, upper] = interval.map(percent)
  const beyondChance = kappa === null ? '' : `, kappa ${kappa.toFixed(2)}`
  return `agrees   judge ${quoteUntrusted(judge)} with people on ${agreed} of ${compared} answers, ${percent(agreedShare)} (95 % interval ${lower} to ${upper})${beyondChance}${missing}`
}

/** What was found: holes, why the graders are refused as rewards, and right answers that fail. */
export interface Findings {
  readonly holes: readonly string[]
  readonly refused: readonly string[]
  readonly missed: readonly string[]
}

/** What the command prints: the shares of each grader, what it misjudged with an example, the holes and what they mean. */
export function checkBlock(check: GraderCheck, { holes, refused, missed }: Findings): string {
  const lines = [`${check.eval}: graders tried on ${check.caseIds.length} cases`]
  for (const result of check.graders) lines.push(...graderLines(result))
  for (const hole of holes) lines.push(`hole     ${hole}`)
  if (refused.length > 0) lines.push('refused  as a reward: an empty or parroted answer passes')
  for (const miss of missed) lines.push(`missed   ${miss}`)
  if (holes.length === 0 && missed.length === 0) lines.push(verdictLine(check))
  return lines.join('\n')
}

function isTried({ graders }: GraderCheck): boolean {
  return graders.some(({ falsePositiveShare }) => falsePositiveShare !== null)
}

function verdictLine(check: GraderCheck): string {
  if (!isTried(check))
    return `nothing could be tried: ${check.graders.find(({ ungradedBecause }) => ungradedBecause !== null)?.ungradedBecause ?? 'no answer could be made'}`
  const fails = check.graders.some(({ rewarded, falseNegativeShare }) => rewarded && (falseNegativeShare ?? 0) > 0)
  return fails ? 'no wrong answer passes where it must not, but some right ones fail: see above' : 'no hole was found'
}

function graderLines(result: GraderResult): readonly string[] {
  const { grader, profile, rewarded, falsePositiveShare, falseNegativeShare, mutations } = result
  const ungraded = mutations.reduce((sum, row) => sum + row.ungraded, 0)
  const notes = [rewarded ? '' : ', never rewarded', ungraded === 0 ? '' : `, ${ungraded} could not be graded`].join('')
  const name = `${quoteUntrusted(grader)} (${profile})`
  const why = result.ungradedBecause === null ? [] : [`  ungraded  ${result.ungradedBecause}`]
  if (falsePositiveShare === null && falseNegativeShare === null) return [`${name}: not tried${notes}`, ...why]
  const head = `${name}: ${share(falsePositiveShare)} of wrong answers passed, ${share(falseNegativeShare)} of right ones failed${notes}`
  return [head, ...why, ...mutations.filter(({ misjudged }) => misjudged > 0).map(mutationLine)]
}

function mutationLine({ mutation, family, misjudged, tried, examples: [example] }: MutationResult): string {
  const verb = family === 'right' || family === 'demonstration' ? 'failed' : 'passed'
  const shown = example === undefined ? '' : `  ${example.caseId}  ${quoteUntrusted(example.text, 80)} got ${example.reward}`
  return `  ${verb} ${misjudged} of ${tried}  ${mutation}${shown}`
}

function share(value: number | null): string {
  return value === null ? '–' : percent(value)
}
