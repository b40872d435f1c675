/**
 * @file Whether two answers are equal: `.05`, `1/20` and `5 x 10^-2` are. Exact throughout; what cannot be shown equal is different.
 */
import type { GradingProfile } from '../../eval/grader.ts'
import { answerTextKey } from './answer-text-key.ts'
import type { AnswerNode } from './answer-node.ts'
import type { AnswerValue } from './answer-value.ts'
import { choiceOf, withoutChoiceMarks } from './choice.ts'
import { hasTwoReadings, withDecimalPoints } from './comma-groups.ts'
import type { DecimalMark } from './comma-groups.ts'
import { evaluateAnswer } from './evaluate-answer.ts'
import type { AnswerPolicy, PercentPolicy } from './evaluate-answer.ts'
import { parseAnswer } from './parse-answer.ts'
import { MAX_ANSWER_LENGTH, plainAnswer } from './plain-answer.ts'
import { sameValue } from './same-value.ts'
import type { ComparisonPolicy } from './same-value.ts'
import { unfinishedWork } from './unfinished-work.ts'
import { unitSet } from '../exact/units.ts'
import type { UnitDimension } from '../exact/units.ts'
import { WorkBudget } from './work-budget.ts'

/** How answers are compared. Everything that mathematics leaves open is declared here, never guessed. */
export interface AnswerOptions {
  /** In `reward` only the gold answer is read leniently: see `evaluate`, `missingUnit` and "x = 5". Default `eval`, which is symmetric. */
  readonly profile?: GradingProfile
  /** What 5% equals: `value` 1/20, `number` 5, `refuse` (default) only 5%. */
  readonly percent?: PercentPolicy
  /** Dimensions within which units are converted, exactly: 5 km is 5000 m under `['length']`. Default none: the same unit text must stand there. */
  readonly units?: readonly UnitDimension[]
  /** Whether 5 equals "5 km": `different` (default), or `accept`, in `reward` only for an answer that lacks the gold answer's unit. */
  readonly missingUnit?: 'different' | 'accept'
  /**
   * Whether "1, 2" equals "2, 1". Default `kept`: no. Sets in braces, alternatives joined by "or" and the solutions x = 1, x = 2 never have an order, and
   * a set equals a list only under `free`.
   */
  readonly listOrder?: 'kept' | 'free'
  /** What stands before the fraction of a number: under `comma`, 3,14 is one number and 1.234 is 1234. Default `point`. The gold answer is read alike. */
  readonly decimalMark?: DecimalMark
  /** Whether an answer may leave work to do that the gold answer has done (2+3 for 5, 2/4 for 1/2). Default true in `eval`, false in `reward`. */
  readonly evaluate?: boolean
}

/** Which comparison decided: a kind of value, `text` for what is no mathematics, `unfinished` for an equal value that is not worked out. */
export type AnswerRule = AnswerValue['kind'] | 'number' | 'choice' | 'text' | 'unfinished'

/** The outcome. `work` counts steps; it is bounded for every pair of texts. */
export interface AnswerComparison {
  readonly equal: boolean
  readonly rule: AnswerRule
  readonly work: number
}

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

/** Whether an answer equals a gold answer. A wrong "equal" is worse than a wrong "different": in doubt they differ. */
export function answersEqual(answer: string, gold: string, options: AnswerOptions = {}): boolean {
  return compareAnswers(answer, gold, options).equal
}

/** Like `answersEqual`, with the rule that decided. */
export function compareAnswers(answer: string, gold: string, options: AnswerOptions = {}): AnswerComparison {
  const decimalMark = options.decimalMark ?? 'point'
  if (decimalMark === 'point' && PLAIN_NUMBER.test(answer) && PLAIN_NUMBER.test(gold)) {
    return { equal: answer === gold || canonicalNumber(answer) === canonicalNumber(gold), rule: 'number', work: 0 }
  }
  if (answer.length > MAX_ANSWER_LENGTH || gold.length > MAX_ANSWER_LENGTH)
    return { equal: answer.trim() === gold.trim(), rule: 'text', work: 0 }
  const policy = { percent: options.percent ?? 'refuse', units: unitSet(options.units ?? []), decimalMark }
  const [left, right] = [readAnswer(answer, policy), readAnswer(gold, policy)]
  const choice = decideChoice(left, right, options)
  if (choice !== null) return { ...choice, work: left.work + right.work }
  const comparison = comparisonPolicy(options, new WorkBudget())
  const outcome = decide(left, right, { options, comparison })
  return { ...outcome, work: left.work + right.work + comparison.budget.spent }
}

interface Reading {
  readonly plain: string
  readonly node: AnswerNode | null
  readonly value: AnswerValue | null
  readonly work: number
}

/** Whether a text reads as mathematics, by itself and not as prose. */
export function isMathematics(text: string): boolean {
  return (
    text.length <= MAX_ANSWER_LENGTH && readAnswer(text, { percent: 'refuse', units: unitSet([]), decimalMark: 'point' }).value !== null
  )
}

type ReadingPolicy = Omit<AnswerPolicy, 'budget'> & { readonly decimalMark: DecimalMark }

/** Every reading has its own budget, so that a hostile answer cannot spend what the gold answer needs. */
function readAnswer(text: string, policy: ReadingPolicy): Reading {
  const plain = withoutChoiceMarks(plainAnswer(text))
  const budget = new WorkBudget()
  const written = policy.decimalMark === 'comma' ? withDecimalPoints(plain) : hasTwoReadings(plain) ? null : plain
  const node = written === null ? null : parseAnswer(written, policy.units.beginnings)
  const value = node === null ? null : evaluateAnswer(node, { ...policy, budget })
  return { plain, node, value, work: budget.spent }
}

type Decision = Omit<AnswerComparison, 'work'>

function decide(
  answer: Reading,
  gold: Reading,
  { options, comparison }: { readonly options: AnswerOptions; readonly comparison: ComparisonPolicy },
): Decision {
  if (answer.value === null || gold.value === null) return decideText(answer, gold)
  const rule = gold.value.kind
  if (answer.plain !== gold.plain && !sameValue(answer.value, gold.value, comparison)) return { equal: false, rule }
  const evaluate = options.evaluate ?? options.profile !== 'reward'
  return evaluate || isFinished(answer.node, gold.node) ? { equal: true, rule } : { equal: false, rule: 'unfinished' }
}

function isFinished(answer: AnswerNode | null, gold: AnswerNode | null): boolean {
  if (answer === null || gold === null) return false
  const [left, asked] = [unfinishedWork(answer), unfinishedWork(gold)]
  return [...left].every((work) => asked.has(work)) && left.has('factors') === asked.has('factors')
}

function decideText(answer: Reading, gold: Reading): Decision {
  const bothText = answer.value === null && gold.value === null
  return { equal: bothText && answerTextKey(answer.plain) === answerTextKey(gold.plain), rule: 'text' }
}

/**
 * The decision where either side is a choice with its text. A letter alone equals it in `eval`; in `reward` only the gold answer may have a text
 * more, because the text behind a letter can be that of another choice. Null where no choices are compared.
 */
function decideChoice(answer: Reading, gold: Reading, options: AnswerOptions): Decision | null {
  const [left, right] = [choiceOf(answer.plain), choiceOf(gold.plain)]
  if (left === null || right === null || (isLetter(answer.plain) && isLetter(gold.plain))) return null
  if (left.letter !== right.letter) return { equal: false, rule: 'choice' }
  if (right.text === null) return { equal: isLetter(answer.plain) || options.profile !== 'reward', rule: 'choice' }
  return { equal: left.text === null || compareAnswers(left.text, right.text, options).equal, rule: 'choice' }
}

function isLetter(plain: string): boolean {
  return plain.length === 1
}

function comparisonPolicy({ profile, missingUnit, listOrder }: AnswerOptions, budget: WorkBudget): ComparisonPolicy {
  const lenient = profile !== 'reward'
  const accept = missingUnit === 'accept'
  return {
    budget,
    unitMayMiss: { inAnswer: accept, inGold: accept && lenient },
    variableMayMiss: { inAnswer: true, inGold: lenient },
    listOrder: listOrder ?? 'kept',
    member: false,
  }
}

function canonicalNumber(text: string): string {
  const shorter = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return shorter === '-0' ? '0' : shorter
}
