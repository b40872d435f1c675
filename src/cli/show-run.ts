/**
 * @file What `run` and `gate` have in common: progress while the work goes on, then the report, then the verdicts.
 */
import { basename } from 'node:path'
import { isHoldfastError } from '../base/errors.ts'
import type { RunEvent } from '../round/run-event.ts'
import type { RunResult } from '../round/run-suite.ts'
import { InterruptedError } from './errors.ts'
import type { ExitCode } from './exit-code.ts'
import { resultBlock } from './format-result.ts'
import type { RoundFinished, RunWarning } from './format-result.ts'
import { createRunDisplay } from './progress/run-display.ts'
import type { Terminal } from './terminal.ts'

const STOPPING = 'stopping after the work in flight; press Ctrl+C again to stop at once (nothing that was written is lost)'

type EventListener = (event: RunEvent) => void

/**
 * Runs `work` with a display and prints its result. `resumeCommand` is what goes on with an interrupted run, null where nothing can.
 * @throws InterruptedError in place of the run's own error, because only here is known how to go on
 */
export async function showRun(
  terminal: Terminal,
  resumeCommand: string | null,
  work: (onEvent: EventListener, signal: AbortSignal) => Promise<RunResult>,
): Promise<ExitCode> {
  const display = createRunDisplay(terminal.out)
  // What cannot be resumed has nothing to stop gently for: an interrupt ends the process.
  const signal = resumeCommand === null ? new AbortController().signal : terminal.interruptSignal()
  signal.addEventListener('abort', () => display.note(STOPPING))
  const kept: RunEvent[] = []
  const onEvent: EventListener = (event) => {
    if (event.type !== 'progress' && event.type !== 'phase') kept.push(event)
    display.onEvent(event)
  }
  try {
    const result = await work(onEvent, signal)
    onEvent({ type: 'phase', round: null, arm: null, phase: 'reporting', label: 'writing the report' })
    const report = await tryReport(result.directory)
    display.finish()
    terminal.out.write(
      `\n${resultBlock({ ...result, reportPath: report.path, rounds: kept.filter(isRoundFinished), warnings: kept.filter(isWarning) })}\n`,
    )
    if (report.path === null) throw report.error
    return result.exitCode
  } catch (error) {
    if (!isHoldfastError(error) || error.code !== 'RUN_INTERRUPTED') throw error
    const directory = kept.find(isRunStarted)?.directory ?? null
    const command = directory === null || resumeCommand === null ? null : `${resumeCommand} --resume ${basename(directory)}`
    throw new InterruptedError({ kept: 'records', directory, command }, { cause: error })
  } finally {
    display.finish()
  }
}

/** A report that cannot be written must not hide the verdicts: they are printed first. */
async function tryReport(directory: string): Promise<{ readonly path: string } | { readonly path: null; readonly error: unknown }> {
  try {
    const { renderReport } = await import('../report/render-report.ts')
    return { path: (await renderReport(directory)).htmlPath }
  } catch (error) {
    return { path: null, error }
  }
}

function isRunStarted(event: RunEvent): event is Extract<RunEvent, { type: 'run-started' }> {
  return event.type === 'run-started'
}

function isRoundFinished(event: RunEvent): event is RoundFinished {
  return event.type === 'round-finished'
}

function isWarning(event: RunEvent): event is RunWarning {
  return event.type === 'warning'
}
