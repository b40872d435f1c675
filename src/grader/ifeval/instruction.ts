/**
 * @file What all instruction checks share: their signature, their arguments, comparing counts.
 */
import type { JsonValue } from '../../base/json.ts'

/** Arguments of an instruction by Google's names. Nulls have been taken out: the dataset writes every name in every row. */
export type InstructionArguments = Readonly<Record<string, JsonValue>>

/** Whether a text follows the instruction; null where that cannot be told. `undefined` says that the arguments are not what the instruction needs. */
export type InstructionCheck = (text: string, given: InstructionArguments) => boolean | null | undefined

/** A check that needs one text. */
export function withText(name: string, check: (text: string, wanted: string) => boolean | null): InstructionCheck {
  return (text, given) => {
    const wanted = given[name]
    return typeof wanted === 'string' && wanted.trim() !== '' ? check(text, wanted.trim()) : undefined
  }
}

/** A check that needs a list of texts. */
export function withTexts(name: string, check: (text: string, wanted: readonly string[]) => boolean): InstructionCheck {
  return (text, given) => {
    const wanted = given[name]
    if (!Array.isArray(wanted)) return undefined
    const texts = (wanted as readonly JsonValue[]).filter((value) => typeof value === 'string')
    return texts.length === wanted.length ? check(text, texts) : undefined
  }
}

/** A check that counts something and needs a whole number. */
export function withCount(name: string, check: (text: string, wanted: number) => boolean): InstructionCheck {
  return (text, given) => {
    const wanted = given[name]
    return typeof wanted === 'number' && Number.isInteger(wanted) ? check(text, wanted) : undefined
  }
}

/** A check of a count against a number by the dataset's relations, "less than" and "at least". */
export function withRelation(names: readonly [number: string, relation: string], count: InstructionCount): InstructionCheck {
  return (text, given) => {
    const [wanted, relation] = [given[names[0]], given[names[1]]]
    if (typeof wanted !== 'number' || (relation !== 'less than' && relation !== 'at least')) return undefined
    const found = count(text, given)
    if (found === undefined) return undefined
    return relation === 'less than' ? found < wanted : found >= wanted
  }
}

/** How often something is in a text; undefined where an argument is missing. */
export type InstructionCount = (text: string, given: InstructionArguments) => number | undefined
