/**
 * @file Grades an answer by a row of IFEval: which of the row's instructions it follows.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Grade, GradeInput } from '../../eval/grader.ts'
import { gradeOf, ungraded, unusableGold } from '../grade-result.ts'
import { CHECKS, UNCHECKED } from './checks.ts'
import type { InstructionCheck } from './instruction.ts'

interface AskedFor {
  readonly id: string
  readonly check: InstructionCheck
}

const IDS = z.array(z.string()).min(1).max(50)
const KWARGS = z.array(z.record(z.string(), z.unknown()).nullable())
const rowSchema = z.object({ instruction_id_list: IDS, kwargs: KWARGS })
// The rows that Tülu 3 was trained with: a list of one, under another name.
const trainedRowSchema = z
  .tuple([z.strictObject({ instruction_id: IDS, kwargs: KWARGS })])
  .transform(([{ instruction_id: ids, kwargs }]) => ({ instruction_id_list: ids, kwargs }))

/** What is wrong with a row; null where it can be graded by. */
export function rowProblem(expected: JsonValue): string | null {
  const instructions = instructionsOf(expected)
  return typeof instructions === 'string' ? instructions : null
}

/** The share of the row's instructions that are followed; with `loose`, in one of the paper's eight variants of the answer. */
export function gradeRow(input: GradeInput, loose: boolean): Grade {
  const instructions = instructionsOf(input.case.expected)
  if (typeof instructions === 'string') return unusableGold(`usable: ${instructions}`)
  const text = typeof input.parsed === 'string' ? input.parsed : input.completion.text
  const variants = loose ? looseVariants(text) : [text]
  return gradeFollowed(
    instructions.map(({ id }) => id),
    instructions.map(({ check }) => isFollowed(check, variants)),
  )
}

function gradeFollowed(ids: readonly string[], followed: readonly (boolean | null)[]): Grade {
  const subRewards = Object.fromEntries(
    ids.map((id, index) => {
      const before = ids.slice(0, index).filter((other) => other === id).length
      const value = followed[index] ?? null
      return [before === 0 ? id : `${id}#${before + 1}`, value === null ? null : Number(value)]
    }),
  )
  if (followed.includes(null))
    return { ...ungraded('LANGUAGE_UNCERTAIN', 'the answer is too short or too mixed to tell its language'), subRewards }
  return gradeOf(followed.filter(Boolean).length / followed.length, { subRewards })
}

/** An empty text follows nothing. */
function isFollowed(check: InstructionCheck, variants: readonly string[]): boolean | null {
  const results = variants.map((text) => text.trim() !== '' && check(text))
  if (results.includes(true)) return true
  return results.includes(null) ? null : false
}

/** The paper's eight: with and without asterisks, first line and last line. */
function looseVariants(text: string): readonly string[] {
  const lines = text.split('\n')
  const cut = [text, lines.slice(1).join('\n').trim(), lines.slice(0, -1).join('\n').trim(), lines.slice(1, -1).join('\n').trim()]
  return cut.flatMap((variant) => [variant, variant.replaceAll('*', '')])
}

/** The instructions with their arguments, or what is wrong with the row. */
function instructionsOf(expected: JsonValue): readonly AskedFor[] | string {
  const row = (Array.isArray(expected) ? trainedRowSchema : rowSchema).safeParse(expected)
  if (!row.success || row.data.kwargs.length !== row.data.instruction_id_list.length)
    return 'it must be a row with instruction_id_list and as many kwargs'
  const instructions: AskedFor[] = []
  for (const [index, id] of row.data.instruction_id_list.entries()) {
    const instruction = CHECKS.get(id)
    if (instruction === undefined) return unknownInstruction(id)
    // The dataset writes every name in every row, null where an instruction does not take it.
    const given = Object.entries(row.data.kwargs[index] ?? {}).filter(([, value]) => value !== null)
    const check = instruction(Object.fromEntries(given))
    if (typeof check === 'string') return `the kwargs of ${quoteUntrusted(id)} do not fit: ${check}`
    instructions.push({ id, check })
  }
  return instructions
}

function unknownInstruction(id: string): string {
  const reason = UNCHECKED.get(id)
  return reason === undefined
    ? `it has the unknown instruction ${quoteUntrusted(id)}`
    : `it has the instruction ${id}, which is not checked: ${reason}`
}
