/**
 * @file The public API: every name that users may import from `holdfast`. Nothing is defined here.
 */
export { isHoldfastError } from './base/errors.ts'
export type { HoldfastError } from './base/errors.ts'
export type { JsonValue } from './base/json.ts'
export type { Case, CaseInput, Role } from './eval/case.ts'
export type { Completion, Message, Sampling } from './eval/completion.ts'
export { defineEval } from './eval/define-eval.ts'
export type { CaseSource, Demonstration, EvalDefinition, EvalOptions, PromptSource } from './eval/eval.ts'
export type { Grade, GradeError, GradeInput, Grader, GradingProfile } from './eval/grader.ts'
export type { EvalVerdict, EvalVerdictName, RoundVerdict, RoundVerdictName } from './gate/verdict.ts'
export { graders } from './grader/graders.ts'
export type { RunEvent, RunPhase } from './round/run-event.ts'
export { defineSuite } from './suite/define-suite.ts'
export type { ArmOptions, GateOptions, LoraSettings, SuiteBudget, SuiteDefinition, SuiteEvalOptions, SuiteOptions } from './suite/suite.ts'
