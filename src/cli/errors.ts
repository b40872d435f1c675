/**
 * @file Failures of the command line itself: what was typed and the files that were named.
 */
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { PLAN_FILE } from '../ledger/run-layout.ts'

/** The command line could not be understood. */
export class UsageError extends defineError('CLI_USAGE', ({ summary, command }: { summary: string; command: string }) => ({
  summary,
  where: command,
  fix: `run "${command} --help" for options and examples`,
})) {}

/** A file named on the command line does not exist. */
export class FileNotFoundError extends defineError(
  'CLI_FILE_NOT_FOUND',
  ({ what, given, tried }: { what: 'eval' | 'suite'; given: string; tried: readonly string[] }) => ({
    summary: `No ${what} file was found for ${quoteUntrusted(given, 120)}`,
    where: tried.map(displayPath).join(', '),
    fix: what === 'eval' ? 'name an existing file, or make one with "npx holdfast new eval <name>"' : 'name an existing suite file',
  }),
) {}

/** A user's file threw while it was imported, or is not valid TypeScript. */
export class UserFileError extends defineError('CLI_FILE_FAILED', ({ path, reason }: { path: string; reason: string }) => ({
  summary: `The file could not be imported: ${quoteUntrusted(reason, 300)}`,
  where: displayPath(path),
  fix: 'correct the file; importing it must have no side effect and must not throw',
})) {}

/** A user's file has no default export that Holdfast knows. */
export class DefaultExportError extends defineError(
  'CLI_DEFAULT_EXPORT',
  ({ path, wanted, found }: { path: string; wanted: 'eval' | 'suite'; found: string }) => {
    const define = wanted === 'eval' ? 'defineEval' : 'defineSuite'
    return {
      summary: `The file's default export is ${found}, expected ${wanted === 'eval' ? 'an eval' : 'a suite'}`,
      where: displayPath(path),
      fix: `write "export default ${define}({ ... })" in this file, or name another file`,
    }
  },
) {}

/** The name of a new eval is not usable as a folder, file and record name. */
export class EvalNameError extends defineError('CLI_EVAL_NAME', ({ name }: { name: string }) => ({
  summary: `${quoteUntrusted(name)} cannot be the name of an eval`,
  where: 'holdfast new eval <name>',
  fix: 'use lower-case letters, digits and single hyphens, beginning with a letter, at most 40 characters: "refill-request"',
})) {}

/** The folder of a new eval exists already. */
export class EvalExistsError extends defineError('CLI_EVAL_EXISTS', ({ directory }: { directory: string }) => ({
  summary: 'An eval of this name exists already; nothing was written',
  where: displayPath(directory),
  fix: 'choose another name, or edit the eval that is there',
})) {}

/** The first suite of a project exists already. */
export class SuiteExistsError extends defineError('CLI_SUITE_EXISTS', ({ path }: { path: string }) => ({
  summary: 'The project has a suite already; nothing was written',
  where: displayPath(path),
  fix: 'add an eval with "npx holdfast new eval <name>", or name other folders with --evals and --suites',
})) {}

/** A run named on the command line is not there. */
export class RunNotFoundError extends defineError('CLI_RUN_NOT_FOUND', ({ given, tried }: { given: string; tried: readonly string[] }) => ({
  summary: `No run directory (one with a ${PLAN_FILE}) was found for ${quoteUntrusted(given, 120)}`,
  where: tried.map(displayPath).join(', '),
  fix: 'name a directory under reports/, as the run printed it when it started',
})) {}

/** The user interrupted a command. `command` goes on with it; null where it has to begin again. */
export class InterruptedError extends defineError(
  'CLI_INTERRUPTED',
  ({ kept, directory, command }: { kept: 'records' | 'answers'; directory: string | null; command: string | null }) => ({
    summary: `Stopped as asked; ${kept === 'records' ? 'nothing that was written is lost' : 'every answer that came is kept'}`,
    where: directory === null ? 'before the first record was written' : displayPath(directory),
    fix: command === null ? 'run the same command again' : `go on with: ${command}`,
  }),
) {}

/** What a command prints cannot be written, for example to a file on a full disk. */
export class OutputFailedError extends defineError('CLI_OUTPUT_FAILED', ({ reason }: { reason: string }) => ({
  summary: `The output could not be written (${reason}); what was written to the run is intact`,
  where: 'standard output or standard error',
  fix: 'send the output elsewhere, or free space where it goes',
})) {}
