/**
 * @file Judge "judge-label": another model puts the answer into one of several classes.
 */
import { z } from 'zod'
import type { Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { GraderOptionsError } from '../errors.ts'
import { normaliseText } from '../answer-text.ts'
import { gradeOf } from '../grade-result.ts'
import { checkOptions, TEXT, TEXTS } from '../options/check-options.ts'
import { askJudge, JUDGE_MEMBERS, JUDGE_TIMEOUT_MS, judgedTexts, judgeSettings } from './ask-judge.ts'
import type { JudgeOptions } from './ask-judge.ts'

export interface JudgeLabelOptions extends JudgeOptions {
  /** What to decide, for example "Is the answer polite?". */
  readonly question: string
  /** All classes; at least two. */
  readonly labels: readonly string[]
  /** Classes that earn the reward. */
  readonly passing: readonly string[]
}

/**
 * Reward 1 for a passing label, 0 for another. A judge that gives none of the labels gives no grade.
 * @throws GraderOptionsError for labels that cannot tell anything apart
 */
export function judgeLabel(options: JudgeLabelOptions): Grader {
  checkOptions<JudgeLabelOptions>('judge.label', options, { ...JUDGE_MEMBERS, question: TEXT, labels: TEXTS, passing: TEXTS })
  const { question, labels, passing } = options
  const problem = labelProblem(labels, passing)
  if (problem !== null)
    throw new GraderOptionsError({ grader: 'judge.label', problem, fix: 'name at least two labels, some of them passing and some not' })
  const answer = z.strictObject({ reasoning: z.string(), label: z.enum(labels as readonly [string, ...string[]]) })
  // "Polite" where "polite" is the only label that it can be.
  const forgive = (value: unknown): unknown => {
    const alike = typeof value === 'string' ? labels.filter((label) => normaliseText(label) === normaliseText(value)) : []
    return alike.length === 1 && !labels.includes(value as string) ? alike[0] : value
  }
  const list = labels.map((label) => JSON.stringify(label)).join(' or ')
  const form = `{"reasoning": "<a few sentences>", "label": ${list}}`
  const task = `Decide about the ANSWER to the QUESTION: ${question}\nLabels: ${list}`
  return builtIn({
    name: options.name ?? 'judge-label',
    kind: 'judge-label',
    // 2: answers are read in more forms, and asked for again.
    version: 2,
    settings: { ...judgeSettings(options), question, labels: [...labels], passing: [...passing] },
    models: [options.model],
    traits: { asksModel: true },
    weight: options.weight,
    timeoutMs: options.timeoutMs ?? JUDGE_TIMEOUT_MS,
    async grade(input) {
      const asked = await askJudge(input, options, { task, texts: judgedTexts(input, options), answer, member: 'label', forgive, form })
      if ('failure' in asked) return asked.failure
      return gradeOf(passing.includes(asked.value.label) ? 1 : 0, { extractionRule: `label ${asked.value.label}` })
    },
  })
}

function labelProblem(labels: readonly string[], passing: readonly string[]): string | null {
  if (new Set(labels).size !== labels.length || labels.length < 2) return 'it needs two different labels or more'
  const unknown = passing.find((label) => !labels.includes(label))
  if (unknown !== undefined) return `the passing label ${JSON.stringify(unknown)} is none of the labels`
  return passing.length === 0 || passing.length === labels.length ? 'either every label passes or none' : null
}
