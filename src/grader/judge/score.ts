/**
 * @file Judge "judge-score": another model gives the answer a number by a rubric.
 */
import { z } from 'zod'
import type { Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { GraderOptionsError } from '../errors.ts'
import { gradeOf } from '../grade-result.ts'
import { checkOptions, NUMBER, TEXT } from '../options/check-options.ts'
import { askJudge, JUDGE_MEMBERS, JUDGE_TIMEOUT_MS, judgedTexts, judgeSettings } from './ask-judge.ts'
import { numberOfText } from './judge-reply.ts'
import type { JudgeOptions } from './ask-judge.ts'

export interface JudgeScoreOptions extends JudgeOptions {
  /** What earns which score. */
  readonly rubric: string
  /** Worst and best score. Default 1 to 5. */
  readonly range?: readonly [worst: number, best: number]
}

/**
 * Reward 0 at the worst score, 1 at the best. A judge that gives no number within the range gives no grade.
 * @throws GraderOptionsError for an empty range or rubric
 */
export function judgeScore(options: JudgeScoreOptions): Grader {
  const range = z.tuple([NUMBER, NUMBER], 'must be the worst and the best score, like [1, 5]').optional()
  checkOptions<JudgeScoreOptions>('judge.score', options, { ...JUDGE_MEMBERS, rubric: TEXT, range })
  const [worst, best] = options.range ?? [1, 5]
  if (!(Number.isFinite(worst) && Number.isFinite(best) && worst < best))
    throw new GraderOptionsError({
      grader: 'judge.score',
      problem: `the range ${worst} to ${best} is empty`,
      fix: 'give the worst score first, for example [1, 5]',
    })
  if (options.rubric.trim() === '')
    throw new GraderOptionsError({ grader: 'judge.score', problem: 'the rubric is empty', fix: 'say what earns which score' })
  const answer = z.strictObject({ reasoning: z.string(), score: z.number().min(worst).max(best) })
  const form = `{"reasoning": "<a few sentences>", "score": <number from ${worst} to ${best}>}`
  const task = `Score the ANSWER to the QUESTION from ${worst} (worst) to ${best} (best) by this rubric:\n${options.rubric}`
  return builtIn({
    name: options.name ?? 'judge-score',
    kind: 'judge-score',
    // 2: answers are read in more forms, and asked for again.
    version: 2,
    settings: { ...judgeSettings(options), rubric: options.rubric, range: [worst, best] },
    models: [options.model],
    traits: { asksModel: true },
    weight: options.weight,
    timeoutMs: options.timeoutMs ?? JUDGE_TIMEOUT_MS,
    async grade(input) {
      const asked = await askJudge(input, options, {
        task,
        texts: judgedTexts(input, options),
        answer,
        member: 'score',
        forgive: numberOfText,
        form,
      })
      if ('failure' in asked) return asked.failure
      const { score } = asked.value
      return gradeOf((score - worst) / (best - worst), { subRewards: { score } })
    },
  })
}
