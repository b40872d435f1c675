/**
 * @file `holdfast eval <eval> --model <model>`: grades one eval on one model and shows its first failures.
 */
import { displayPath } from '../../base/display-path.ts'
import { isHoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Role } from '../../eval/case.ts'
import type { CacheMode } from '../../model/open-model.ts'
import { casePassed } from '../../gate/case-rules.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import type { EvaluationResult } from '../../round/evaluate.ts'
import type { RunEvent } from '../../round/run-event.ts'
import { InterruptedError } from '../errors.ts'
import type { ExitCode } from '../exit-code.ts'
import { formatSummary } from '../format-evaluation.ts'
import { percent } from '../format-result.ts'
import { loadEval } from '../load-definition.ts'
import { createRunDisplay } from '../progress/run-display.ts'
import { commandLine } from '../resume-command.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `eval`, as commander gives them. */
export interface EvalFlags {
  readonly model: string
  readonly base?: string
  readonly roles?: readonly Role[]
  readonly limit?: number
  /** Share, 0 to 1. */
  readonly minPass?: number
  readonly reports?: string
  readonly device?: 'cpu' | 'webgpu'
  readonly cache?: CacheMode
  readonly resume?: boolean
}

const FAILURES_SHOWN = 5

/** Grades an eval and answers with the exit code: 1 when fewer cases passed than `--min-pass` or the eval's minPass asks, 3 when none could be graded. */
export async function evalCommand(given: string, flags: EvalFlags, terminal: Terminal): Promise<ExitCode> {
  const display = createRunDisplay(terminal.out)
  let kept: string | null = null
  const onEvent = (event: RunEvent): void => {
    // Told at the end, with the command that goes on.
    if (event.type === 'warning' && event.code === 'EVAL_KEPT') kept = event.message
    else display.onEvent(event)
  }
  try {
    const { definition, file } = await loadEval(given)
    const { evaluateEval } = await import('../../round/evaluate.ts')
    const { model, base, roles, limit, device, cache, resume, reports: directory } = flags
    const signal = terminal.interruptSignal()
    signal.addEventListener('abort', () => display.note(STOPPING))
    const result = await evaluateEval({ definition, file, model, base, roles, limit, device, cache, resume, directory, onEvent, signal })
    display.finish()
    terminal.out.write(`${evaluationBlock(result, model)}\n`)
    if (result.summary.passShare === null) return 3
    const minPass = flags.minPass ?? definition.options.minPass ?? 0
    return result.summary.passShare < minPass - 1e-12 ? 1 : 0
  } catch (error) {
    display.finish()
    if (isHoldfastError(error) && error.code === 'EVAL_INTERRUPTED')
      throw new InterruptedError({ kept: 'answers', directory: error.where, command: resumeCommand(given, flags) }, { cause: error })
    if (kept !== null) terminal.error.write(`${keptText(kept, resumeCommand(given, flags))}\n`)
    throw error
  } finally {
    display.finish()
  }
}

const STOPPING = 'stopping after the answers under way; press Ctrl+C again to stop at once (every answer that came is kept)'

function keptText(kept: string, command: string): string {
  return `kept       ${kept.split(';', 1)[0] ?? ''}\ngo on with ${command}`
}

/** What goes on with an evaluation that ended early. */
export function resumeCommand(given: string, { model, base, roles, limit, minPass, device, cache, reports }: EvalFlags): string {
  const flags = { model, base, roles, limit, 'min-pass': minPass, device, cache, reports: reports === 'reports' ? undefined : reports }
  return `${commandLine(['eval', given], flags)} --resume`
}

/** What `eval` ends with: the share with its interval, the first failures, where the records are. */
export function evaluationBlock(result: EvaluationResult, model: string): string {
  const failures = failedCases(result.records)
  const warnings = result.warnings.map(({ code, message }) => `warning    ${code}  ${message}`)
  const parts = [...warnings, ...strictLine(result), ...errorLines(result.records), ...costLine(result)]
  const lines = [`${result.evalName} on ${model}`, formatSummary(result.summary), ...parts]
  for (const record of failures.slice(0, FAILURES_SHOWN))
    lines.push(`failed     ${record.caseId}  ${quoteUntrusted(record.completion, 100)}`)
  if (failures.length > FAILURES_SHOWN) lines.push(`           and ${failures.length - FAILURES_SHOWN} more`)
  return [...lines, `grades     ${displayPath(result.file)}`].join('\n')
}

/** How the graders' strict profile sees the same answers: what reinforcement would be rewarded for. */
function strictLine({ rewardPassShare: strict }: EvaluationResult): string[] {
  return strict === null ? [] : [`as reward  ${percent(strict)} of the completions pass in the strict profile`]
}

/** What a server counted beyond the cache, and its price where one is known. */
function costLine({ usage, cost }: EvaluationResult): string[] {
  if (usage === undefined) return []
  const tokens = `${usage.promptTokens.toLocaleString('en-US')} prompt and ${usage.completionTokens.toLocaleString('en-US')} completion tokens`
  return [`charged    ${tokens}${cost === undefined ? '' : `, ${cost.toFixed(4)} in the currency of HOLDFAST_PRICES`}`]
}

/** The first failing completion of each case of which fewer than half pass. */
function failedCases(records: readonly GradeRecord[]): readonly GradeRecord[] {
  const cases = new Map<string, { passed: number; graded: number; first: GradeRecord | null }>()
  for (const record of records) {
    if (record.pass === null) continue
    const { passed, graded, first } = cases.get(record.caseId) ?? { passed: 0, graded: 0, first: null }
    cases.set(record.caseId, { passed: passed + Number(record.pass), graded: graded + 1, first: first ?? (record.pass ? null : record) })
  }
  return [...cases.values()].flatMap(({ passed, graded, first }) => (first !== null && !casePassed(passed, graded) ? [first] : []))
}

/** Why completions could not be graded, by code, with the first message of each. */
function errorLines(records: readonly GradeRecord[]): string[] {
  const codes = new Map<string, { count: number; message: string }>()
  for (const { errorCode, errorMessage, reward } of records) {
    if (reward !== null || errorCode === null) continue
    const known = codes.get(errorCode)
    codes.set(errorCode, { count: (known?.count ?? 0) + 1, message: known?.message ?? errorMessage ?? '' })
  }
  return [...codes].map(([code, { count, message }]) => `error      ${code} ${count} times, first: ${message}`)
}
