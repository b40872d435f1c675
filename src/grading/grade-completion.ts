/**
 * @file Grades one completion with everything an eval has: its parser, its graders, its audit graders. It asks no model and writes nothing.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import { answerAfterThinking } from '../eval/thinking.ts'
import type { Completion } from '../eval/completion.ts'
import type { Eval } from '../eval/eval.ts'
import type { Grade, GradeInput, Grader, GradingProfile } from '../eval/grader.ts'
import { ungraded } from '../grader/grade-result.ts'
import { callGrader } from './call-grader.ts'

/** A grade by all graders of an eval, with what the audit graders measured. */
export interface CompletionGrade extends Grade {
  /** Rewards of the audit graders by name: never part of `reward`. */
  readonly audit: Readonly<Record<string, number | null>>
}

/** The parts of an eval that grading needs. */
export type GradedEval = Pick<Eval, 'graders' | 'auditGraders' | 'parse' | 'thinking'>

/**
 * The weighted mean of the graders' rewards; null when any of them is null, so that a broken grader never passes for a wrong answer.
 * With several graders the parts are named "grader" and "grader.part".
 */
export async function gradeCompletion(
  definition: GradedEval,
  row: Case,
  answer: { readonly completion: Completion; readonly profile: GradingProfile },
): Promise<CompletionGrade> {
  const { profile } = answer
  const completion =
    definition.thinking === 'on' ? { ...answer.completion, text: answerAfterThinking(answer.completion) } : answer.completion
  if (completion.finishReason === 'error') return withoutAudit(ungraded('COMPLETION_FAILED', 'the model gave no completion'))
  const parsed = parseText(definition, completion.text)
  if ('failure' in parsed) return withoutAudit(parsed.failure)
  const input: GradeInput = { case: row, completion, parsed: parsed.value, profile }
  const grades: Grade[] = []
  for (const grader of definition.graders) grades.push(await callGrader(grader, input))
  const audit: Record<string, number | null> = {}
  for (const grader of definition.auditGraders) audit[grader.name] = (await callGrader(grader, input)).reward
  return { ...combine(definition.graders, grades), audit }
}

function parseText({ parse }: GradedEval, text: string): { readonly value: unknown } | { readonly failure: Grade } {
  if (parse === null) return { value: text }
  try {
    return { value: parse(text) }
  } catch (error) {
    const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
    return { failure: ungraded('PARSE_THREW', `the eval's parse threw ${reason}`) }
  }
}

function combine(graders: readonly Grader[], grades: readonly Grade[]): Grade {
  const [only] = grades
  if (only !== undefined && grades.length === 1) return only
  const formats = grades.flatMap((grade) => (grade.formatValid === null ? [] : [grade.formatValid]))
  const rules = new Set(grades.flatMap((grade) => (grade.extractionRule === null ? [] : [grade.extractionRule])))
  return {
    reward: weightedMean(graders, grades),
    subRewards: Object.fromEntries(graders.flatMap((grader, index) => namedParts(grader.name, grades[index] as Grade))),
    formatValid: formats.length === 0 ? null : formats.every(Boolean),
    extractionRule: rules.size === 0 ? null : [...rules].join('+'),
    errors: grades.flatMap((grade) => grade.errors),
  }
}

function weightedMean(graders: readonly Grader[], grades: readonly Grade[]): number | null {
  let sum = 0
  let total = 0
  for (const [index, { reward }] of grades.entries()) {
    if (reward === null) return null
    const weight = graders[index]?.weight ?? 1
    sum += weight * reward
    total += weight
  }
  // Rounding may carry the quotient past the ends by one unit.
  return Math.min(1, Math.max(0, sum / total))
}

function namedParts(name: string, grade: Grade): readonly (readonly [string, number | null])[] {
  return [[name, grade.reward], ...Object.entries(grade.subRewards).map(([part, value]) => [`${name}.${part}`, value] as const)]
}

function withoutAudit(grade: Grade): CompletionGrade {
  return { ...grade, audit: {} }
}
