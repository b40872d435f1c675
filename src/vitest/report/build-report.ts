/**
 * @file From vitest's results to the report: finds the tests of evals and suites by what they told, and checks it again.
 */
import type { TestCase, TestModule } from 'vitest/node'
import { EVAL_REPORT_VERSION, passedFailureSchema } from './report-schema.ts'
import type { EvalReport } from './report-schema.ts'
import { findingSchema } from '../task-meta.ts'
import type { Finding, VerdictFinding } from '../task-meta.ts'

/** A test of an eval or suite file with what it found, if anything. */
interface FoundTest {
  readonly test: TestCase
  readonly finding: Finding | null
  readonly outcome: EvalReport['failures'][number]
}

/**
 * The report of the eval and suite files among these; null when none was run. A shard without any has an empty report, so that none is missed
 * when they are merged.
 */
export function buildReport(modules: readonly TestModule[], shard: EvalReport['shard']): EvalReport | null {
  const found = modules.filter(isOurs).flatMap((module) => [...module.children.allTests()].map((test) => foundTest(module, test)))
  if (shard === null && found.every(({ outcome }) => outcome.state === 'skipped')) return null
  const verdicts = found.flatMap(({ finding }) => (finding?.kind === 'verdict' ? [finding] : []))
  return {
    schemaVersion: EVAL_REPORT_VERSION,
    shard,
    passed: found.every(({ outcome }) => outcome.state !== 'failed'),
    evals: found.flatMap(({ finding, outcome }) => (finding?.kind === 'eval' ? [{ ...outcome, ...without(finding) }] : [])),
    suites: found.flatMap(({ finding, outcome }) =>
      finding?.kind === 'run' ? [{ ...outcome, ...without(finding), verdicts: verdictsOf(finding.suite, verdicts) }] : [],
    ),
    failures: found.flatMap(({ finding, outcome }) => (finding === null && outcome.state === 'failed' ? [outcome] : [])),
  }
}

/** Told by the project's settings: files of these projects and no others are evals and suites. */
function isOurs({ project }: TestModule): boolean {
  return project.vite.config.plugins.some(({ name }) => name === 'holdfast:evals' || name === 'holdfast:suites')
}

function foundTest(module: TestModule, test: TestCase): FoundTest {
  const { state, errors } = test.result()
  const meta = findingSchema.safeParse(test.meta().holdfast)
  const failure = passedFailureSchema.safeParse(errors?.[0])
  const outcome = {
    project: module.project.name,
    file: module.relativeModuleId,
    test: test.fullName,
    state: state === 'pending' ? ('skipped' as const) : state,
    problem: errors?.[0]?.message.split('\n', 1)[0] ?? null,
    ...(failure.success ? { failure: { code: failure.data.code, data: failure.data.data } } : {}),
  }
  return { test, finding: meta.success ? meta.data : null, outcome }
}

function verdictsOf(suite: string, verdicts: readonly VerdictFinding[]): EvalReport['suites'][number]['verdicts'] {
  return verdicts.filter((verdict) => verdict.suite === suite).map(({ kind: _kind, suite: _suite, ...verdict }) => verdict)
}

function without<T extends Finding>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest
}
