/**
 * @file The words a run ends with: one line per judged round, then a table of verdicts with reasons, the codes of the warnings and the report's path.
 * Text only; exit codes are decided elsewhere.
 */
import { displayPath } from '../base/display-path.ts'
import { waivedLines } from '../gate/judge-round.ts'
import type { RunHeader } from '../ledger/run-records.ts'
import type { RunEvent } from '../round/run-event.ts'

/** The end of one round of one arm, as the run told it. */
export type RoundFinished = Extract<RunEvent, { type: 'round-finished' }>

/** A warning of a run. */
export type RunWarning = Extract<RunEvent, { type: 'warning' }>

export interface ResultParts {
  readonly header: RunHeader
  readonly rounds: readonly RoundFinished[]
  readonly warnings: readonly RunWarning[]
  readonly directory: string
  /** Null when the report could not be written. */
  readonly reportPath: string | null
}

/** One line for a round that was just judged: "ACCEPTED  01-refill/grpo  refill 12.0 % to 94.3 %". */
export function roundLine(event: RoundFinished): string {
  const part = `${event.round}/${event.arm}${event.role === 'control' ? ' (control)' : ''}`
  if (event.verdict === null) return `LOST  ${part}  ${event.lost ?? 'no verdict was reached'}`
  const target = event.verdict.evals.find((row) => row.role === 'target')
  const change = target === undefined ? '' : `  ${target.name} ${percent(target.before)} to ${percent(target.after)}`
  return `${event.verdict.verdict}  ${part}${change}`
}

/** A warning as printed; its message may begin with the code already, as errors do. */
export function warningText(warning: RunWarning): string {
  const { code, message } = warning
  return `warning  ${code}  ${message}`
}

/** The block that a run ends with. */
export function resultBlock(parts: ResultParts): string {
  const sections = [verdictTable(parts.header), reasonLines(parts.rounds), warningLines(parts.warnings), closingLines(parts)]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function verdictTable(header: RunHeader): readonly string[] {
  const arms = header.lineages.map((lineage) => `${lineage.arm}${lineage.role === 'control' ? ' (control)' : ''}`)
  const rounds = [...new Set(header.lineages.flatMap((lineage) => lineage.rounds.map((round) => round.round)))]
  const rows = rounds.map((round) => [
    round,
    ...header.lineages.map((lineage) => lineage.rounds.find((entry) => entry.round === round)?.outcome ?? '-'),
  ])
  return rounds.length === 0 ? [] : columns([['round', ...arms], ...rows])
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function reasonLines(rounds: readonly RoundFinished[]): readonly string[] {
  return rounds.flatMap((round) => {
    const part = `${round.round}/${round.arm}`
    const { verdict } = round
    if (verdict?.verdict === 'ACCEPTED') return waivedLines(verdict.evals).map((line) => `${part}  ${line}`)
    return [`${part}  ${verdict?.reasons[0] ?? round.lost ?? 'lost, no verdict was reached'}`]
  })
}

/** Which warnings were given while the run went on: they stand above in full, and are not said twice. */
function warningLines(warnings: readonly RunWarning[]): readonly string[] {
  const codes = warnings.map(({ code }) => code)
  const counted = [...new Set(codes)].map((code) => {
    const count = codes.filter((other) => other === code).length
    return count === 1 ? code : `${code} (${count})`
  })
  return counted.length === 0 ? [] : [`warnings above: ${counted.join(', ')}`]
}

function closingLines(parts: ResultParts): readonly string[] {
  const report =
    parts.reportPath === null
      ? `not written; try again with "npx holdfast report ${displayPath(parts.directory)}"`
      : displayPath(parts.reportPath)
  return [parts.header.summary, `report   ${report}`]
}

/** A share of 1 as a percentage with one digit. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
