/**
 * @file What eval and suite files of the scratch projects import from `holdfast`, without the engine and all the rest: a scratch project is
 * started many times, and reading all of the source costs each start two seconds.
 */
export { defineEval } from '../../src/eval/define-eval.ts'
export { graders } from '../../src/grader/graders.ts'
export { defineSuite } from '../../src/suite/define-suite.ts'
export type { SuiteDefinition } from '../../src/suite/suite.ts'
