/**
 * @file What a check says about an eval's graders as rewards. A model that is rewarded finds what passes without an answer, however rare it is.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Eval } from '../../eval/eval.ts'
import { checkGraders } from '../check-graders.ts'
import type { AnswerFamily, GraderCheck, GraderResult, MutationResult } from '../check-graders.ts'

const REFUSED: ReadonlySet<AnswerFamily> = new Set(['empty', 'parrot'])
const UNREWARDED: ReadonlySet<AnswerFamily> = new Set(['no-answer', 'other-answer', 'persuasion', 'stuffed'])
const QUICK_CASES = 5

/** Why the eval's graders are refused as rewards: one sentence for each that passes an empty or parroted answer in the reward profile. */
export function refusedAsReward(definition: Pick<Eval, 'graders'>, { graders }: Pick<GraderCheck, 'graders'>): readonly string[] {
  const names = new Set(definition.graders.map(({ name }) => name))
  return graders
    .filter(({ grader, rewarded, profile }) => rewarded && profile === 'reward' && names.has(grader))
    .flatMap((result) => result.mutations.filter((row) => REFUSED.has(row.family) && row.misjudged > 0).map((row) => sentence(result, row)))
}

/** The same from a quick look at a few cases, for a check before a rewarded arm starts: no model is asked. */
export async function rewardHoles(definition: Eval): Promise<readonly string[]> {
  const quick = { cases: QUICK_CASES, families: ['empty', 'parrot'], profiles: ['reward'] } as const
  return refusedAsReward(definition, await checkGraders(definition, quick))
}

/**
 * Everything that makes a check fail: empty and parroted answers that pass in either profile, and in the reward profile also words without an
 * answer, answers of other cases, with words that ask for a reward or without, and stuffed ones. Near misses are shown, not judged: a fuzzy grader passes some by design.
 */
export function holesOf({ graders }: GraderCheck): readonly string[] {
  return graders
    .filter(({ rewarded }) => rewarded)
    .flatMap((result) =>
      result.mutations
        .filter(
          ({ family, misjudged }) => misjudged > 0 && (REFUSED.has(family) || (result.profile === 'reward' && UNREWARDED.has(family))),
        )
        .map((row) => sentence(result, row)),
    )
}

function sentence({ grader, profile }: GraderResult, { mutation, misjudged, tried }: MutationResult): string {
  return `grader ${quoteUntrusted(grader)} passes "${mutation}" in ${misjudged} of ${tried} cases (profile "${profile}")`
}
