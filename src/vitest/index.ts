/**
 * @file The entry `holdfast/vitest`: everything that a vitest configuration needs to run evals and suites.
 */
export { evalsProject } from './evals-project.ts'
export type { EvalsProjectOptions } from './evals-project.ts'
export { holdfastProjects } from './holdfast-projects.ts'
export type { HoldfastProjectsOptions } from './holdfast-projects.ts'
export { evalReportSchema, mergeEvalReports } from './report/report-schema.ts'
export type { EvalReport } from './report/report-schema.ts'
export { HoldfastReporter } from './report/holdfast-reporter.ts'
export type { HoldfastReporterOptions } from './report/holdfast-reporter.ts'
export { suitesProject } from './suites-project.ts'
export type { SuiteRunOptions, SuitesProjectOptions } from './suites-project.ts'
