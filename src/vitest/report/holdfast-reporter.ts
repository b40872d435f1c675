/**
 * @file The vitest reporter of evals and suites. It stands beside the reporters that are there: eval and suite projects add it by themselves.
 */
import { join, resolve } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { displayPath } from '../../base/display-path.ts'
import { writeWholeFile } from '../../base/whole-file.ts'
import { REPORT_FILES } from '../../ledger/run-layout.ts'
import { buildReport } from './build-report.ts'
import type { EvalReport } from './report-schema.ts'
import { githubLines, reportLines } from './report-text.ts'

export interface HoldfastReporterOptions {
  /** Folder of report.json. Default reports/vitest. */
  readonly directory?: string
  /** Whether a line for each eval and suite is printed. Default true. */
  readonly print?: boolean
  /** Whether failures are printed as GitHub's annotations where GITHUB_ACTIONS is "true": not beside vitest's own reporter for it. Default true. */
  readonly github?: boolean
}

/** Prints what evals and suites found and writes it to report.json, or to report.shard-1-of-3.json for a shard. */
export class HoldfastReporter implements Reporter {
  /** By which another copy of the package knows that it is there. */
  readonly kind = 'holdfast.reporter'
  readonly #options: HoldfastReporterOptions
  #vitest: Vitest | null = null

  constructor(options: HoldfastReporterOptions = {}) {
    this.#options = options
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const vitest = this.#vitest
    if (vitest === null) return
    // In watch mode a run is only what changed, and the report is of everything.
    const report = buildReport(vitest.config.watch ? vitest.state.getTestModules() : modules, vitest.config.shard ?? null)
    if (report === null) return
    const file = join(resolve(vitest.config.root, this.#options.directory ?? 'reports/vitest'), reportName(report))
    writeWholeFile(file, `${JSON.stringify(report, null, 2)}\n`)
    const isEmpty = report.evals.length + report.suites.length + report.failures.length === 0
    const lines = this.#options.print === false || isEmpty ? [] : ['', ...reportLines(report, displayPath(file)), '']
    const onGithub = process.env['GITHUB_ACTIONS'] === 'true' && this.#options.github !== false
    for (const line of [...lines, ...(onGithub ? githubLines(report) : [])]) vitest.logger.log(line)
  }
}

function reportName({ shard }: EvalReport): string {
  return shard === null ? REPORT_FILES.json : `report.shard-${shard.index}-of-${shard.count}.json`
}
