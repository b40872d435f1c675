/**
 * @file What identifies a grader: grades are only compared where the graders were the same.
 */
import { hashJson, sha256 } from '../base/hash.ts'
import type { Eval } from '../eval/eval.ts'
import type { Grader } from '../eval/grader.ts'
import { isUserCode } from '../eval/user-code.ts'

/**
 * Hash of kind, version and settings, and of the user's code where it takes part. `code` is what that is known by, null where its file is not known: then
 * the text of the functions counts, as whatever loaded them compiled it. 16 hexadecimal characters.
 */
export function graderHash(grader: Grader, code: string | null = null): string {
  const source = isUserCode(grader) ? (code ?? functionText(grader)) : null
  return hashJson([grader.kind, grader.version, grader.settings, source])
}

/** What a part contributes to the settings of a whole: the user's functions in it are the whole's. */
export function partHash({ kind, version, settings }: Grader): string {
  return hashJson([kind, version, settings])
}

/** What a whole inherits of parts that ask models or hold functions; empty where none does. */
export function inheritedFrom(parts: readonly Grader[]): Pick<Grader, 'models' | 'sourceHash'> {
  const own = parts.filter(isUserCode).map(functionText)
  const models = [...new Set(parts.flatMap((part) => part.models ?? []))]
  return { ...(own.length === 0 ? {} : { sourceHash: hashJson(own) }), ...(models.length === 0 ? {} : { models }) }
}

/** What decides an eval's rewards, as one hash: its graders with their weights and time limits, its parser and its pass threshold. */
export function gradingHash(definition: Pick<Eval, 'graders' | 'auditGraders' | 'parse' | 'passThreshold' | 'code'>): string {
  const { code } = definition
  const rows = (list: readonly Grader[]): unknown =>
    list.map((grader) => [grader.name, graderHash(grader, code), grader.weight ?? 1, grader.timeoutMs ?? null])
  const parser = definition.parse === null ? null : (code ?? sha256(definition.parse.toString()))
  return hashJson([rows(definition.graders), rows(definition.auditGraders), parser, definition.passThreshold])
}

function functionText(grader: Grader): string {
  return grader.sourceHash ?? sha256(grader.grade.toString()).slice(0, 16)
}
