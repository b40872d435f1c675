/**
 * @file Grades one completion with everything an eval has: its parser, its graders, its audit graders. It asks no model and writes nothing.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import { answerAfterThinking, withoutThoughts } from '../eval/thinking.ts'
import type { Completion, Message } from '../eval/completion.ts'
import type { Eval } from '../eval/eval.ts'
import type { Grade, GradeInput, Grader, GraderModels, GradingProfile } from '../eval/grader.ts'
import { ungraded } from '../grader/grade-result.ts'
import { callGrader } from './call-grader.ts'

/** A grade by all graders of an eval, with what the audit graders measured. */
export interface CompletionGrade extends Grade {
  /** Rewards of the audit graders by name: never part of `reward`. */
  readonly audit: Readonly<Record<string, number | null>>
}

/** The parts of an eval that grading needs. */
export type GradedEval = Pick<Eval, 'graders' | 'auditGraders' | 'parse' | 'thinking'>

/** One completion and what its graders may know and ask. */
export interface GradedAnswer {
  readonly completion: Completion
  readonly profile: GradingProfile
  /** What the model was asked. */
  readonly messages?: readonly Message[] | undefined
  /** Models that graders may ask. */
  readonly models?: GraderModels | undefined
}

/**
 * The weighted mean of the graders' rewards; null when any of them is null, so that a broken grader never passes for a wrong answer.
 * With several graders the parts are named "grader" and "grader.part".
 */
export async function gradeCompletion(definition: GradedEval, row: Case, answer: GradedAnswer): Promise<CompletionGrade> {
  return gradeAnswer(definition, row, answer)
}

/** The same without a promise where all graders answer at once. A promise never rejects. */
export function gradeAnswer(definition: GradedEval, row: Case, answer: GradedAnswer): CompletionGrade | Promise<CompletionGrade> {
  const { finishReason, whyFailed } = answer.completion
  if (finishReason === 'error')
    return withoutAudit(ungraded(whyFailed?.code ?? 'COMPLETION_FAILED', whyFailed?.message ?? 'the model gave no completion'))
  if (finishReason === 'content-filter')
    return withoutAudit(ungraded('CONTENT_FILTERED', "the server's content filter held the completion back"))
  const written = answer.completion.text
  const text = definition.thinking === 'on' ? answerAfterThinking(answer.completion) : withoutThoughts(written)
  const completion = text === written ? answer.completion : { ...answer.completion, text }
  const parsed = parseText(definition, text)
  if ('failure' in parsed) return withoutAudit(parsed.failure)
  const { profile, messages, models } = answer
  const input: GradeInput = { case: row, completion, written, parsed: parsed.value, profile, messages, models }
  const graders = definition.auditGraders.length === 0 ? definition.graders : [...definition.graders, ...definition.auditGraders]
  const grades = graders.map((grader) => callGrader(grader, input))
  return grades.some((grade) => grade instanceof Promise)
    ? gradedLater(definition, grades)
    : withAudit(definition, grades as readonly Grade[])
}

/** All graders have begun: waiting for one after the other takes as long as the slowest. */
async function gradedLater(definition: GradedEval, begun: readonly (Grade | Promise<Grade>)[]): Promise<CompletionGrade> {
  const grades: Grade[] = []
  for (const grade of begun) grades.push(await grade)
  return withAudit(definition, grades)
}

/** The combined grade of the eval's graders, and the rewards of its audit graders, whose grades come after theirs. */
function withAudit({ graders, auditGraders }: GradedEval, grades: readonly Grade[]): CompletionGrade {
  const audit: Record<string, number | null> = {}
  for (const [index, grader] of auditGraders.entries()) audit[grader.name] = grades[graders.length + index]?.reward ?? null
  const { reward, subRewards, formatValid, extractionRule, errors } = combine(graders, grades.slice(0, graders.length))
  return { reward, subRewards, formatValid, extractionRule, errors, audit }
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
