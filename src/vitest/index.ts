/**
 * @file The entry `holdfast/vitest`: everything that a vitest configuration needs to run suites.
 */
export { suitesProject } from './suites-project.ts'
export type { SuiteRunOptions, SuitesProjectOptions } from './suites-project.ts'
