/**
 * @file The public API of what runs: every name that users may import from `holdfast/run`. Nothing is defined here.
 */
export { loadEval } from './eval/load-eval.ts'
export type { EvalVerdict, EvalVerdictName, RoundVerdict, RoundVerdictName } from './gate/verdict.ts'
export { checkGraders } from './grading/check-graders.ts'
export type { CheckGradersOptions, GraderCheck } from './grading/check-graders.ts'
export type { CacheMode } from './model/open-model.ts'
export type { GenerateProgress, Model, ModelIdentity, ModelPrompt } from './model/model.ts'
export { renderReport } from './report/render-report.ts'
export type { WrittenReport } from './report/render-report.ts'
export { evaluateEval } from './round/evaluate.ts'
export type { EvaluateOptions, EvaluationResult } from './round/evaluate.ts'
export type { EvaluationSummary } from './round/evaluation/evaluation-summary.ts'
export { gateModels } from './round/gate-models.ts'
export type { GateModelsOptions } from './round/gate-models.ts'
export type { RunEvent, RunPhase } from './round/run-event.ts'
export { runSuite } from './round/run-suite.ts'
export type { RunResult, RunSuiteOptions } from './round/run-suite.ts'
