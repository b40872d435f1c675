/**
 * @file The exit codes of the command line.
 */

/**
 * 0 done (`run`: one candidate arm accepted every feature; `gate`: ACCEPTED), 1 a check failed (`run`: some feature blocked in every candidate
 * arm; `gate`: BLOCKED), 2 inconclusive, 3 could not run.
 */
export type ExitCode = 0 | 1 | 2 | 3

export const COULD_NOT_RUN = 3

/** Exit code where whoever read the output went away (`| head -1`), as shells have it for SIGPIPE. What was written to the run is saved. */
export const OUTPUT_CLOSED = 141

/** Signals that stop a command gently; its exit code is then 128 and the signal's number: 130, 143, 129. */
export const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * What the working process adds to a code that it means, between it and its guard only: Node's own codes (1 for what nobody caught, 13 for what is
 * awaited forever) and a user's `process.exit(0)` are then no verdicts.
 */
export const SPOKEN = 64

/** `--report-only` ends 0 whenever a verdict was reached. */
export function reportOnly(code: ExitCode): ExitCode {
  return code === COULD_NOT_RUN ? code : 0
}
