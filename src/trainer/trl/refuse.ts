/**
 * @file What the trl trainer says of a method before anything runs.
 */
import { cardOf, cardsRunBy, stagesOf, type MethodSpec } from '../../method/method-spec.ts'

/** This trainer's name, by which methods' cards name it. */
export const TRL = 'trl'

/** Why the trl trainer cannot run a method; null when it can. */
export function refuseTrl(method: MethodSpec): string | null {
  const other = stagesOf(method).find((stage) => !cardOf(stage).trainers.includes(TRL))
  if (other !== undefined) {
    const known = cardsRunBy(TRL).map(({ name }) => name)
    return `the trl trainer has no method "${other.name}": run it with --trainer embedded, or choose one of ${known.join(', ')}`
  }
  const muon = stagesOf(method).find((stage) => stage.optimizer.name === 'muon')
  if (muon === undefined) return null
  return `the trl trainer has no optimizer "muon" ("${muon.name}" asks for it): use adamw, or run it with --trainer embedded`
}
