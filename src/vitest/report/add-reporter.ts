/**
 * @file Puts Holdfast's reporter beside the reporters that vitest or the user chose. None of them is taken away or changed.
 */
import type { Vitest } from 'vitest/node'
import { HoldfastReporter } from './holdfast-reporter.ts'

/** Reporters that print for people; beside others nothing is printed, because a parser may read what they write. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['default', 'verbose', 'dot', 'tree', 'minimal', 'agent', 'hanging-process'])

/** Adds the reporter once, however many projects ask for it. */
export function addReporter(vitest: Vitest, directory: string): void {
  const { reporters } = vitest.config
  // Told by a member: the configuration and the plugin may have loaded two copies of the package.
  const isThere = reporters.some((reporter) => isOurs(reporter))
  if (isThere) return
  const names = reporterNames(vitest)
  const print = names.some((name) => FOR_PEOPLE.has(name))
  const reporter = new HoldfastReporter({ directory, print, github: !names.includes('github-actions') })
  ;(reporters as unknown[]).push(reporter)
}

/** Whether test results are also written as JUnit XML. */
export function hasJunit(vitest: Vitest): boolean {
  return reporterNames(vitest).includes('junit')
}

function reporterNames(vitest: Vitest): readonly string[] {
  return vitest.config.reporters.flatMap((reporter: unknown) => {
    const name: unknown = Array.isArray(reporter) ? reporter[0] : reporter
    return typeof name === 'string' ? [name] : []
  })
}

function isOurs(reporter: unknown): boolean {
  if (Array.isArray(reporter)) return typeof reporter[0] === 'string' && /[\\/]?holdfast[\\/].*vitest[\\/]reporter/.test(reporter[0])
  return typeof reporter === 'object' && reporter !== null && 'kind' in reporter && reporter.kind === 'holdfast.reporter'
}
