/**
 * @file What identifies how an eval's completions are graded, the models that its graders ask included.
 */
import { hashJson } from '../base/hash.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels } from '../eval/grader.ts'
import { gradingHash } from '../grader/grader-hash.ts'

/** `gradingHash`, and where graders ask models what those are known by: another judge under the same name gives grades that are not to be compared. */
export async function identifyGrading(definition: Eval, models: GraderModels | undefined): Promise<string> {
  const own = gradingHash(definition)
  const asked = new Set([...definition.graders, ...definition.auditGraders].flatMap((grader) => grader.models ?? []))
  if (asked.size === 0 || models?.identify === undefined) return own
  const known: (string | null)[] = []
  for (const reference of asked) known.push(await models.identify(reference))
  return hashJson([own, known])
}
