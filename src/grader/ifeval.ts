/**
 * @file Grader "ifeval": the answer follows instructions that a program can check, the 25 kinds of the IFEval benchmark.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { JsonValue } from '../base/json.ts'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { checkOptions, choice, COMMON } from './options/check-options.ts'
import { gradeOf, ungraded, unusableGold } from './grade-result.ts'
import { CHECKS } from './ifeval/checks.ts'
import type { InstructionArguments } from './ifeval/instruction.ts'

/** Settings of `ifeval`. */
export interface IfevalOptions {
  /** `loose`, in profile `eval` only: an instruction is followed when it is in the answer without asterisks, first line or last line. Default `strict`. */
  readonly mode?: 'strict' | 'loose'
  readonly name?: string
  readonly weight?: number
}

interface Instruction {
  readonly id: string
  readonly arguments: InstructionArguments
}

const rowSchema = z.object({
  instruction_id_list: z.array(z.string()).min(1).max(50),
  kwargs: z.array(z.record(z.string(), z.unknown()).nullable()),
})

/**
 * Expected is a row of Google's dataset or just its `{ instruction_id_list, kwargs }`. Reward is the share of instructions that the answer follows,
 * so a pass at 1 is the paper's prompt-level accuracy, and the parts are its instruction-level accuracy.
 * Where it departs from Google's Python: keywords are no regular expressions, sentences are split by rules instead of nltk, and the language
 * is told by a small detector of its own. Where that cannot tell, profile `eval` gives no grade (LANGUAGE_UNCERTAIN), profile `reward` takes it for not followed.
 */
export function ifeval(options: IfevalOptions = {}): Grader {
  checkOptions<IfevalOptions>('ifeval', options, { ...COMMON, mode: choice('strict', 'loose').optional() })
  const mode = options.mode ?? 'strict'
  return builtIn({
    name: options.name ?? 'ifeval',
    kind: 'ifeval',
    version: 1,
    settings: { mode },
    weight: options.weight,
    grade(input) {
      const instructions = instructionsOf(input.case.expected)
      if (typeof instructions === 'string') return unusableGold(instructions)
      const text = typeof input.parsed === 'string' ? input.parsed : input.completion.text
      const strict = input.profile === 'reward'
      const followed = instructions.map((instruction) =>
        isFollowed(instruction, mode === 'loose' && !strict ? looseVariants(text) : [text]),
      )
      const unusable = instructions[followed.indexOf(undefined)]
      if (unusable !== undefined)
        return unusableGold(`complete: the arguments of ${quoteUntrusted(unusable.id)} are missing or of another type`)
      return gradeFollowed(instructions, followed.map((value) => (strict && value === null ? false : value)) as readonly (boolean | null)[])
    },
  })
}

function gradeFollowed(instructions: readonly Instruction[], followed: readonly (boolean | null)[]): Grade {
  const subRewards = Object.fromEntries(
    instructions.map(({ id }, index) => {
      const before = instructions.slice(0, index).filter((other) => other.id === id).length
      const value = followed[index] ?? null
      return [before === 0 ? id : `${id}#${before + 1}`, value === null ? null : Number(value)]
    }),
  )
  if (followed.includes(null))
    return { ...ungraded('LANGUAGE_UNCERTAIN', 'the answer is too short or too mixed to tell its language'), subRewards }
  return gradeOf(followed.filter(Boolean).length / followed.length, { subRewards })
}

/** Undefined where the instruction's arguments are unusable; an empty text follows nothing. */
function isFollowed({ id, arguments: given }: Instruction, variants: readonly string[]): boolean | null | undefined {
  const results = variants
    .map((text) => CHECKS.get(id)?.(text, given))
    .map((result, index) => (variants[index]?.trim() === '' && result !== undefined ? false : result))
  if (results.includes(undefined)) return undefined
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
function instructionsOf(expected: JsonValue): readonly Instruction[] | string {
  const row = rowSchema.safeParse(expected)
  if (!row.success || row.data.kwargs.length !== row.data.instruction_id_list.length)
    return 'a row with instruction_id_list and as many kwargs'
  const unknown = row.data.instruction_id_list.find((id) => !CHECKS.has(id))
  if (unknown !== undefined) return `one of IFEval's: it has the unknown instruction ${quoteUntrusted(unknown)}`
  return row.data.instruction_id_list.map((id, index) => {
    const given = Object.entries(row.data.kwargs[index] ?? {}).filter(([, value]) => value !== null)
    return { id, arguments: Object.fromEntries(given) as InstructionArguments }
  })
}
