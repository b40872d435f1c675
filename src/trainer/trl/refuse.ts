/**
 * @file What the trl trainer says of a method before anything runs.
 */
import { stagesOf, type MethodSpec } from '../../method/method-spec.ts'

/** Why the trl trainer cannot run a method; null when it can. */
export function refuseTrl(method: MethodSpec): string | null {
  const muon = stagesOf(method).find((stage) => stage.optimizer.name === 'muon')
  if (muon === undefined) return null
  return `the trl trainer has no optimizer "muon" ("${muon.name}" asks for it): use adamw, or run it with --trainer embedded`
}
