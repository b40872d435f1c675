/**
 * @file What identifies a grader: grades are only compared where the graders were the same.
 */
import { hashJson, sha256 } from '../base/hash.ts'
import type { Grader } from '../eval/grader.ts'

/** Hash of kind, version and settings; for a custom grader also of its source text. 16 hexadecimal characters. */
export function graderHash(grader: Grader): string {
  const source = grader.kind === 'custom' ? (grader.sourceHash ?? sha256(grader.grade.toString()).slice(0, 16)) : null
  return hashJson([grader.kind, grader.version, grader.settings, source])
}

/** What decides an eval's rewards, as one hash: its graders with their weights, its parser and its pass threshold. */
export function gradingHash(definition: {
  readonly graders: readonly Grader[]
  readonly auditGraders: readonly Grader[]
  readonly parse: ((text: string) => unknown) | null
  readonly passThreshold: number
}): string {
  const rows = (list: readonly Grader[]): unknown => list.map((grader) => [grader.name, graderHash(grader), grader.weight ?? 1])
  const parser = definition.parse === null ? null : sha256(definition.parse.toString())
  return hashJson([rows(definition.graders), rows(definition.auditGraders), parser, definition.passThreshold])
}
