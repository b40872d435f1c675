/**
 * @file Grader "answer": the answer to a question of mathematics or fact, however it is spelled.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import type { DecimalMark } from './answer/comma-groups.ts'
import { compareAnswers } from './answer/compare-answers.ts'
import { extractAnswer } from './answer/extract-answer.ts'
import { checkAnswerOptions } from './options/answer-options.ts'
import type { AnswerGraderOptions } from './options/answer-options.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { otherDigits } from './number.ts'
import type { GraderCard } from './grader-card.ts'

const WANTED = 'a text or number, or a list of them'

/**
 * Reward 1 when the answer equals the expected one, or one of a list of accepted ones; else 0.
 * Profile `reward`: the answer stands in a box, after the marker or is the whole text, all of these agree, and nothing is left to work out in it.
 * Profile `eval`: the answer is also found after "the answer is", or is the last formula or number. A gold answer may be a worked solution with a box or a marker.
 */
export function answer(options: AnswerGraderOptions = {}): Grader {
  checkAnswerOptions(options)
  const { name, weight, ...settings } = options
  return builtIn({
    name: name ?? 'answer',
    kind: 'answer',
    // 4: units are those of the one table; without units nothing has changed.
    version: options.units === undefined ? 3 : 4,
    settings,
    weight,
    expectedProblem: (expected) => (acceptedAnswers(expected) === null ? `not ${WANTED}` : null),
    traits: { respelled: otherDigits },
    grade(input) {
      const accepted = acceptedAnswers(input.case.expected, options.decimalMark)
      if (accepted === null) return unusableGold(WANTED)
      const golds = accepted.map((gold) => goldAnswer(gold, options))
      const grade = gradeText(input, golds, options)
      if (input.profile === 'reward' || grade.reward !== 0) return grade
      // What earns a reward passes an eval, whatever else stands in the text.
      const strict = gradeText({ ...input, profile: 'reward' }, golds, options)
      return strict.reward === 1 ? strict : grade
    },
  })
}

function gradeText(input: GradeInput, accepted: readonly string[], options: AnswerGraderOptions): Grade {
  const { profile } = input
  const text = fieldOfParsed(input.parsed, options.field) ?? answerText(input) ?? ''
  const isRight = (given: string) => accepted.some((gold) => compareAnswers(given, gold, { ...options, profile }).equal)
  const found = extractAnswer(text, { ...options, profile, ...(options.extract && { rules: options.extract }) })
  if (found !== null && found.rule !== 'last-number' && found.rule !== 'formula' && text.trim() !== '') {
    const formatValid = found.rule !== 'phrase'
    return gradeOf(isRight(found.answer) ? 1 : 0, { formatValid, extractionRule: found.rule })
  }
  // The last number of "May 5" is no answer where "May 5" is asked.
  const whole = profile === 'eval' && (options.extract?.includes('whole') ?? true)
  if (whole && isRight(text)) return gradeOf(1, { formatValid: true, extractionRule: 'whole' })
  if (found === null || text.trim() === '') return gradeOf(0, { formatValid: false })
  return gradeOf(isRight(found.answer) ? 1 : 0, { formatValid: false, extractionRule: found.rule })
}

/** The answer in a completion that the eval's parser has made an object of. */
function fieldOfParsed(parsed: unknown, field: string | undefined): string | null {
  if (field === undefined || typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, field)) return null
  const value = (parsed as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** The accepted answers as texts, written with the decimal mark that the eval declares: numbers of JSON have points. */
function acceptedAnswers(expected: JsonValue, decimalMark: DecimalMark = 'point'): readonly string[] | null {
  const all = Array.isArray(expected) ? expected : [expected]
  const texts = all.map((one) => {
    if (typeof one === 'number') return decimalMark === 'comma' ? String(one).replace('.', ',') : String(one)
    return typeof one === 'string' ? one.trim() : ''
  })
  return texts.length === 0 || texts.includes('') ? null : texts
}

/** The answer of a worked solution: what stands in its last box or after its last marker, else the text itself. */
function goldAnswer(gold: string, { marker }: AnswerGraderOptions): string {
  const found = extractAnswer(gold, { rules: ['boxed', 'marker'], ...(marker !== undefined && { marker }) })
  return found?.answer ?? gold
}

export const answerCard: GraderCard<typeof answer> = {
  make: answer,
  family: 'value',
  compares: 'mathematics and facts, however spelled',
  expected: 'a text, number or list of accepted ones',
  rewardDemands: 'a declared place, worked out: [see below](#answers)',
  partialCredit: 'no',
  example: { make: () => answer(), expected: '1/2', right: '0.5', wrong: '2' },
}
