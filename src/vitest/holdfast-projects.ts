/**
 * @file Evals and suites as vitest projects in one call.
 */
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { evalsProject } from './evals-project.ts'
import type { EvalsProjectOptions } from './evals-project.ts'
import { suitesProject } from './suites-project.ts'
import type { SuitesProjectOptions } from './suites-project.ts'

/** Settings of both projects; those of the evals stand by themselves, because they are what most people change. */
export interface HoldfastProjectsOptions extends EvalsProjectOptions {
  readonly suites?: SuitesProjectOptions
}

/** Both projects: `test: { projects: [{ … your own tests }, ...holdfastProjects({ model: 'models/nano' })] }`. */
export function holdfastProjects({ suites, ...evals }: HoldfastProjectsOptions = {}): TestProjectInlineConfiguration[] {
  return [evalsProject(evals), suitesProject(suites)]
}
