/**
 * @file What an eval is to a round, from the order of the features and what was accepted so far.
 */
import type { EvalRole } from './verdict.ts'

/** Where a lineage stands when a round begins. */
export interface LineageState {
  /** Features in the order the app gained them. */
  readonly features: readonly string[]
  /** What this round tunes for. */
  readonly targets: readonly string[]
  /** Features that this lineage accepted in earlier rounds. */
  readonly accepted: readonly string[]
}

/** The role of an eval: anything that is not a feature is a retention eval, which is always old. */
export function evalRole(name: string, { features, targets, accepted }: LineageState): EvalRole {
  if (targets.includes(name)) return 'target'
  if (!features.includes(name) || accepted.includes(name)) return 'old'
  const latest = Math.max(...targets.map((target) => features.indexOf(target)))
  return features.indexOf(name) > latest ? 'future' : 'none'
}
