/**
 * @file Judge "judge-pairwise": another model says which of two answers is better, asked in both orders because judges prefer a position.
 */
import { z } from 'zod'
import { sha256 } from '../../base/hash.ts'
import type { Case } from '../../eval/case.ts'
import type { Grade, GradeInput, Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { gradeOf, unusableGold, ungraded } from '../grade-result.ts'
import { checkOptions, choice, FLAG, FUNCTION, TEXT } from '../options/check-options.ts'
import { answeredText, askedText, askJudge, expectedText, JUDGE_MEMBERS, JUDGE_TIMEOUT_MS, judgeSettings } from './ask-judge.ts'
import type { JudgeOptions } from './ask-judge.ts'

export interface JudgePairwiseOptions extends Omit<JudgeOptions, 'showExpected'> {
  /** The other answer: what people chose, the expected answer, or a function of the case. */
  readonly against: 'chosen' | 'expected' | ((row: Case) => string | null)
  /** What makes an answer better. Default: the more correct and helpful one. */
  readonly rubric?: string
  /** Whether both orders are asked. Default true. */
  readonly swap?: boolean
  /** When the two orders disagree: half a point, or no grade. Default half. */
  readonly disagreement?: 'half' | 'null'
}

const answer = z.strictObject({ reasoning: z.string(), better: z.enum(['FIRST', 'SECOND', 'SAME']) })
const FORM = '{"reasoning": "<a few sentences>", "better": "FIRST" or "SECOND" or "SAME"}'
const WANTED = 'an answer to compare with'
const DEFAULT_RUBRIC = 'The better answer is the more correct and helpful one. Length alone is no merit.'

/** Reward 1 for the better answer, 0 for the worse, a half for one as good; the parts are those of the two orders. */
export function judgePairwise(options: JudgePairwiseOptions): Grader {
  const { showExpected: _, ...shared } = JUDGE_MEMBERS
  checkOptions<JudgePairwiseOptions>('judge.pairwise', options, {
    ...shared,
    against: z.union([choice('chosen', 'expected'), FUNCTION], 'must be "chosen", "expected" or a function of the case'),
    rubric: TEXT.optional(),
    swap: FLAG.optional(),
    disagreement: choice('half', 'null').optional(),
  })
  const { against, rubric = DEFAULT_RUBRIC, swap = true, disagreement = 'half' } = options
  const isFunction = typeof against === 'function'
  return builtIn({
    name: options.name ?? 'judge-pairwise',
    kind: 'judge-pairwise',
    // 2: answers are read in more forms, and asked for again.
    version: 2,
    settings: { ...judgeSettings(options), against: isFunction ? 'function' : against, rubric, swap, disagreement },
    models: [options.model],
    traits: { asksModel: true },
    weight: options.weight,
    ...(isFunction ? { sourceHash: sha256(against.toString()).slice(0, 16) } : {}),
    timeoutMs: options.timeoutMs ?? JUDGE_TIMEOUT_MS,
    expectedProblem: (expected) => (against === 'expected' && expected === null ? `not ${WANTED}` : null),
    async grade(input) {
      const rival = rivalOf(input, against)
      if (rival === null) return unusableGold(WANTED)
      const own = answeredText(input)
      const orders = swap ? ([true, false] as const) : ([true] as const)
      const rewards: number[] = []
      for (const isOwnFirst of orders) {
        const asked = await askOrder(input, { options, rubric, answers: isOwnFirst ? [own, rival] : [rival, own] })
        if (typeof asked !== 'string') return asked
        rewards.push(asked === 'SAME' ? 0.5 : (asked === 'FIRST') === isOwnFirst ? 1 : 0)
      }
      return agreedGrade(rewards, disagreement)
    },
  })
}

function rivalOf(input: GradeInput, against: JudgePairwiseOptions['against']): string | null {
  if (typeof against === 'function') return against(input.case)
  if (against === 'chosen') return input.case.chosen ?? null
  return input.case.expected === null ? null : expectedText(input)
}

async function askOrder(
  input: GradeInput,
  order: { readonly options: JudgeOptions; readonly rubric: string; readonly answers: readonly [string, string] },
): Promise<'FIRST' | 'SECOND' | 'SAME' | Grade> {
  const [first, second] = order.answers
  const asked = await askJudge(input, order.options, {
    task: `Say which of two answers to the QUESTION is better, the FIRST or the SECOND. ${order.rubric}`,
    texts: [
      ['QUESTION', askedText(input)],
      ['FIRST', first],
      ['SECOND', second],
    ],
    answer,
    member: 'better',
    forgive: (value) => (typeof value === 'string' ? value.trim().toUpperCase() : value),
    form: FORM,
  })
  return 'failure' in asked ? asked.failure : asked.value.better
}

function agreedGrade(rewards: readonly number[], disagreement: 'half' | 'null'): Grade {
  const [first, second] = rewards as [number, number?]
  const subRewards = { 'own-first': first, ...(second === undefined ? {} : { 'own-second': second }) }
  if (second === undefined || first === second) return gradeOf(first, { subRewards })
  if (disagreement === 'half') return gradeOf(0.5, { subRewards, extractionRule: 'orders-disagree' })
  return { ...ungraded('JUDGE_DISAGREES', 'the judge preferred a position: its two orders disagree'), subRewards }
}
