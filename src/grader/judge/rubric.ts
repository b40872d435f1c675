/**
 * @file Judge "judge-rubric": another model says of each criterion by itself whether the answer meets it.
 */
import { z } from 'zod'
import type { Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { GraderOptionsError } from '../errors.ts'
import { gradeOf } from '../grade-result.ts'
import { checkOptions, members, NUMBER, TEXT } from '../options/check-options.ts'
import { askJudge, JUDGE_MEMBERS, JUDGE_TIMEOUT_MS, judgedTexts, judgeSettings } from './ask-judge.ts'
import type { JudgeOptions } from './ask-judge.ts'

/** One thing that an answer must do. */
export interface JudgeCriterion {
  readonly name: string
  readonly text: string
  /** Default 1. */
  readonly weight?: number
}

export interface JudgeRubricOptions extends JudgeOptions {
  readonly criteria: readonly JudgeCriterion[]
}

const answer = z.strictObject({ reasoning: z.string(), met: z.boolean() })
const FORM = '{"reasoning": "<a few sentences>", "met": true or false}'

/** `true` in quotes. */
function forgive(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : value
}

/**
 * Reward: the share of the criteria that are met, by weight; each is a part. No grade when the judge fails on any of them.
 * @throws GraderOptionsError for no criteria, equal names, and weights that are not above 0
 */
export function judgeRubric(options: JudgeRubricOptions): Grader {
  const criterion = members({ name: TEXT, text: TEXT, weight: NUMBER.optional() })
  checkOptions<JudgeRubricOptions>('judge.rubric', options, {
    ...JUDGE_MEMBERS,
    criteria: z.array(criterion, 'must be a list of criteria'),
  })
  const criteria = options.criteria.map(({ name, text, weight = 1 }) => ({ name, text, weight }))
  const problem = criteriaProblem(criteria)
  if (problem !== null)
    throw new GraderOptionsError({ grader: 'judge.rubric', problem, fix: "write criteria like { name: 'polite', text: 'It is polite.' }" })
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0)
  return builtIn({
    name: options.name ?? 'judge-rubric',
    kind: 'judge-rubric',
    // 2: answers are read in more forms, and asked for again.
    version: 2,
    settings: { ...judgeSettings(options), criteria },
    models: [options.model],
    traits: { asksModel: true },
    weight: options.weight,
    timeoutMs: options.timeoutMs ?? JUDGE_TIMEOUT_MS,
    async grade(input) {
      const texts = judgedTexts(input, options)
      const subRewards: Record<string, number> = {}
      let earned = 0
      for (const { name, text, weight } of criteria) {
        const task = `Decide whether the ANSWER to the QUESTION meets this criterion, and nothing else: ${text}`
        const asked = await askJudge(input, options, { task, texts, answer, member: 'met', forgive, form: FORM })
        if ('failure' in asked) return { ...asked.failure, subRewards }
        subRewards[name] = asked.value.met ? 1 : 0
        if (asked.value.met) earned += weight
      }
      return gradeOf(Math.min(1, earned / total), { subRewards })
    },
  })
}

function criteriaProblem(criteria: readonly Required<JudgeCriterion>[]): string | null {
  if (criteria.length === 0) return 'there are no criteria'
  if (new Set(criteria.map(({ name }) => name)).size < criteria.length) return 'two criteria have the same name'
  const bad = criteria.find(({ weight, text }) => !(weight > 0 && weight < Infinity) || text.trim() === '')
  return bad === undefined ? null : `the criterion ${JSON.stringify(bad.name)} has no text, or a weight that is not above 0`
}
