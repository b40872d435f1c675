/**
 * @file Grader "ifeval": the answer follows instructions that a program can check, the kinds of IFEval, IFBench and Tülu 3.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { JsonValue } from '../base/json.ts'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { checkOptions, choice, COMMON } from './options/check-options.ts'
import { gradeOf, ungraded, unusableGold } from './grade-result.ts'
import { CHECKS, UNCHECKED } from './ifeval/checks.ts'
import type { InstructionCheck } from './ifeval/instruction.ts'

/** Settings of `ifeval`. */
export interface IfevalOptions {
  /** `loose`, in profile `eval` only: an instruction is followed when it is in the answer without asterisks, first line or last line. Default `strict`. */
  readonly mode?: 'strict' | 'loose'
  readonly name?: string
  readonly weight?: number
}

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

/**
 * Expected is a row of Google's dataset or just its `{ instruction_id_list, kwargs }`, or Tülu's `[{ instruction_id, kwargs }]`. Reward is the share of instructions that the answer follows,
 * so a pass at 1 is the paper's prompt-level accuracy, and the parts are its instruction-level accuracy. An unknown instruction, and arguments that do not
 * fit it, are an error when the eval is loaded.
 * Where it departs from Google's Python: keywords are no regular expressions, words keep their vowel signs and accents, sentences are split by rules like
 * Punkt's, and the language is told by a small detector of its own. Where that cannot tell, there is no grade (LANGUAGE_UNCERTAIN).
 */
export function ifeval(options: IfevalOptions = {}): Grader {
  checkOptions<IfevalOptions>('ifeval', options, { ...COMMON, mode: choice('strict', 'loose').optional() })
  const mode = options.mode ?? 'strict'
  return builtIn({
    name: options.name ?? 'ifeval',
    kind: 'ifeval',
    // 2: sentences, words and capitals are counted as the reference does, forbidden words may end in signs, an uncertain language is no grade.
    version: 2,
    settings: { mode },
    weight: options.weight,
    expectedProblem(expected) {
      const instructions = instructionsOf(expected)
      return typeof instructions === 'string' ? instructions : null
    },
    grade(input) {
      const instructions = instructionsOf(input.case.expected)
      if (typeof instructions === 'string') return unusableGold(`usable: ${instructions}`)
      const text = typeof input.parsed === 'string' ? input.parsed : input.completion.text
      const variants = mode === 'loose' && input.profile === 'eval' ? looseVariants(text) : [text]
      return gradeFollowed(
        instructions.map(({ id }) => id),
        instructions.map(({ check }) => isFollowed(check, variants)),
      )
    },
  })
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
