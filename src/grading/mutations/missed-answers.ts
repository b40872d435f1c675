/**
 * @file What a check says about right answers that an eval's own graders fail. A grader that passes nothing has no hole, and is of no use.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { casesWithRole } from '../../eval/cases/case-list.ts'
import type { Eval } from '../../eval/eval.ts'
import type { GraderCheck } from '../check-graders.ts'
import { checkDemonstrations } from '../failed-demonstrations.ts'
import type { DemonstrationCheck } from '../failed-demonstrations.ts'
import { rightAnswers } from './material.ts'

const CASES_AT_MOST = 2000
const SHOWN = 5

/** What an eval shows as right in its training cases, else in any, by how it is known to be right. */
export async function shownAnswersOf(definition: Eval): Promise<ReadonlyMap<string, DemonstrationCheck>> {
  const training = casesWithRole(definition.cases, 'train')
  const rows = (training.length > 0 ? training : definition.cases).slice(0, CASES_AT_MOST)
  const shown = new Map<string, { caseId: string; text: string }[]>()
  for (const row of rows)
    for (const { name, text } of rightAnswers(definition, row)) shown.set(name, [...(shown.get(name) ?? []), { caseId: row.id, text }])
  const checked: [string, DemonstrationCheck][] = []
  for (const [name, answers] of shown) checked.push([name, await checkDemonstrations(definition, answers)])
  return new Map(checked)
}

/**
 * One sentence for each kind of right answer that the eval's graders fail together in profile "eval", and one where its only grader passes none of them in
 * profile "reward".
 */
export function missedOf({ graders }: GraderCheck, shown: ReadonlyMap<string, DemonstrationCheck>): readonly string[] {
  const failing = [...shown].flatMap(([name, { graded, zero, failed }]) => {
    if (failed.length === 0) return []
    const nothing = zero.length === 0 ? '' : `, ${zero.length} of them get 0: no arm may be trained on these`
    return [
      `the eval's own graders fail ${name} in ${failed.length} of ${graded} cases${nothing} (${idsOf(zero.length > 0 ? zero : failed)})`,
    ]
  })
  const rewards = graders.filter(({ rewarded, profile }) => rewarded && profile === 'reward')
  // Of several graders one may be a part of the reward that passes nothing by itself.
  const useless = (rewards.length === 1 ? rewards : []).flatMap(({ grader, mutations }) => {
    const declared = mutations.filter(({ family }) => family === 'demonstration')
    const graded = declared.reduce((sum, { tried, ungraded }) => sum + tried - ungraded, 0)
    const zero = graded > 0 && declared.every(({ tried, ungraded, misjudged }) => misjudged === tried - ungraded)
    return zero ? [`grader ${quoteUntrusted(grader)} fails all ${graded} answers that the eval declares right (profile "reward")`] : []
  })
  return [...failing, ...useless]
}

function idsOf(ids: readonly string[]): string {
  const list = ids.slice(0, SHOWN).map((id) => quoteUntrusted(id))
  return ids.length > SHOWN ? `${list.join(', ')} and ${ids.length - SHOWN} more` : list.join(', ')
}
