/**
 * @file The report in words: a line for each eval and suite, and the lines by which GitHub shows failures beside the code.
 */
import { basename } from 'node:path'
import type { EvalReport } from './report-schema.ts'
import { percent, shareText } from '../result-text.ts'

/** What is printed after the tests. */
export function reportLines(report: EvalReport, reportFile: string): readonly string[] {
  const width = Math.max(
    ...[...report.evals.map((one) => one.eval), ...report.suites.map((one) => one.suite)].map(({ length }) => length),
    0,
  )
  const evals = report.evals.flatMap((one) => [
    `  ${one.eval.padEnd(width)}  ${evalText(one)}`,
    ...one.warnings.map((warning) => `  ${''.padEnd(width)}  warning ${warning}`),
  ])
  const suites = report.suites.map((one) => `  ${one.suite.padEnd(width)}  ${suiteText(one)}`)
  return [
    ...(evals.length === 0 ? [] : ['Evals', ...evals]),
    ...(suites.length === 0 ? [] : ['Suites', ...suites]),
    `report  ${reportFile}`,
  ]
}

function evalText(one: EvalReport['evals'][number]): string {
  const minimum = one.minPass === null ? '' : `; at least ${percent(one.minPass)} must${one.state === 'failed' ? ', FAILED' : ''}`
  const lost = one.lostCount === 0 ? '' : `; ${one.lostCount} lost`
  const interval = [one.interval[0] ?? 0, one.interval[1] ?? 1] as const
  return `${shareText({ ...one, interval })}${lost}${minimum}`
}

function suiteText(one: EvalReport['suites'][number]): string {
  const run = one.recorded ? `recorded run ${basename(one.directory)}` : one.directory
  return `${one.summary} (${run})`
}

/** `::error …` for each failed test: GitHub shows it beside the file. Text is escaped as workflow commands ask. */
export function githubLines(report: EvalReport): readonly string[] {
  return [...report.evals, ...report.suites, ...report.failures]
    .filter(({ state }) => state === 'failed')
    .map(
      ({ file, test, problem }) => `::error file=${escapeProperty(file)},title=${escapeProperty(test)}::${escapeData(problem ?? 'failed')}`,
    )
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}
