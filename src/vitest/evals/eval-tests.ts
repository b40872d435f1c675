/**
 * @file Which tests an eval file becomes: one for the eval, or one for each of its cases and one for all of them.
 */
import type { Case } from '../../eval/case.ts'
import type { EvalDefinition } from '../../eval/eval.ts'
import { loadEval } from '../../eval/load-eval.ts'
import { pickCases } from '../../suite/limit-cases.ts'
import type { EvalSettings } from '../evals-project.ts'

/** A case that becomes a test of its own. */
export type TestedCase = Pick<Case, 'id' | 'expected'>

/** The cases of a per-case eval that will be graded; null for an eval that is one test. @throws the errors of loading evals */
export async function testedCases(
  definition: EvalDefinition,
  file: string,
  settings: Pick<EvalSettings, 'roles' | 'limit'>,
): Promise<readonly TestedCase[] | null> {
  if (definition.options.perCase !== true) return null
  const { cases } = await loadEval(definition, { origin: file })
  const roles = settings.roles ?? ['dev']
  const asked = cases.filter(({ role }) => roles.includes(role))
  return pickCases(asked, settings.limit ?? asked.length).map(({ id, expected }) => ({ id, expected }))
}
