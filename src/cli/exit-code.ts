/**
 * @file The exit codes of the command line.
 */

/**
 * 0 done (`run`: one candidate arm accepted every feature; `gate`: ACCEPTED), 1 a check failed (`run`: some feature blocked in every candidate
 * arm; `gate`: BLOCKED), 2 inconclusive, 3 could not run.
 */
export type ExitCode = 0 | 1 | 2 | 3

export const COULD_NOT_RUN = 3

/** `--report-only` ends 0 whenever a verdict was reached. */
export function reportOnly(code: ExitCode): ExitCode {
  return code === COULD_NOT_RUN ? code : 0
}
