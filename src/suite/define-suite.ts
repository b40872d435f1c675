/**
 * @file The function that suite files call. It only marks the value: checking waits until a run starts, so that importing has no side effect.
 */
import type { SuiteDefinition, SuiteOptions } from './suite.ts'

/** Declares a suite; export the result as the suite file's default. */
export function defineSuite(options: SuiteOptions): SuiteDefinition {
  return { kind: 'holdfast.suite-definition', options }
}
