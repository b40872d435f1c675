/**
 * @file What an eval or suite file exports, told by its data: it may come from another copy of Holdfast.
 */
import type { EvalDefinition } from '../eval/eval.ts'
import type { SuiteDefinition } from '../suite/suite.ts'

/** The module's default export when it is an eval or a suite. */
export function definitionIn(module: unknown): EvalDefinition | SuiteDefinition | null {
  if (typeof module !== 'object' || module === null || !('default' in module)) return null
  const value = module.default
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null
  const isOurs = value.kind === 'holdfast.suite-definition' || value.kind === 'holdfast.eval-definition'
  return isOurs ? (value as EvalDefinition | SuiteDefinition) : null
}
