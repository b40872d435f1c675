/**
 * @file Failures of the command line itself: what was typed and the files that were named.
 */
import { basename } from 'node:path'
import { displayPath } from '../base/display-path.ts'
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { PLAN_FILE } from '../ledger/run-layout.ts'

/** The command line could not be understood. */
export class UsageError extends HoldfastError {
  constructor(summary: string, command: string) {
    super({ code: 'CLI_USAGE', summary, where: command, fix: `run "${command} --help" for options and examples` })
  }
}

/** A file named on the command line does not exist. */
export class FileNotFoundError extends HoldfastError {
  constructor(what: 'eval' | 'suite', given: string, tried: readonly string[]) {
    super({
      code: 'CLI_FILE_NOT_FOUND',
      summary: `No ${what} file was found for ${quoteUntrusted(given, 120)}`,
      where: tried.map(displayPath).join(', '),
      fix: what === 'eval' ? 'name an existing file, or make one with "npx holdfast new eval <name>"' : 'name an existing suite file',
    })
  }
}

/** A user's file threw while it was imported, or is not valid TypeScript. */
export class UserFileError extends HoldfastError {
  constructor(path: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : JSON.stringify(cause)
    super({
      code: 'CLI_FILE_FAILED',
      summary: `The file could not be imported: ${quoteUntrusted(message, 300)}`,
      where: displayPath(path),
      fix: 'correct the file; importing it must have no side effect and must not throw',
      cause,
    })
  }
}

/** A user's file has no default export that Holdfast knows. */
export class DefaultExportError extends HoldfastError {
  constructor(path: string, wanted: 'eval' | 'suite', found: string) {
    const define = wanted === 'eval' ? 'defineEval' : 'defineSuite'
    super({
      code: 'CLI_DEFAULT_EXPORT',
      summary: `The file's default export is ${found}, expected ${wanted === 'eval' ? 'an eval' : 'a suite'}`,
      where: displayPath(path),
      fix: `write "export default ${define}({ ... })" in this file, or name another file`,
    })
  }
}

/** The name of a new eval is not usable as a folder, file and record name. */
export class EvalNameError extends HoldfastError {
  constructor(name: string) {
    super({
      code: 'CLI_EVAL_NAME',
      summary: `${quoteUntrusted(name)} cannot be the name of an eval`,
      where: 'holdfast new eval <name>',
      fix: 'use lower-case letters, digits and single hyphens, beginning with a letter, at most 40 characters: "refill-request"',
    })
  }
}

/** The folder of a new eval exists already. */
export class EvalExistsError extends HoldfastError {
  constructor(directory: string) {
    super({
      code: 'CLI_EVAL_EXISTS',
      summary: 'An eval of this name exists already; nothing was written',
      where: displayPath(directory),
      fix: 'choose another name, or edit the eval that is there',
    })
  }
}

/** The first suite of a project exists already. */
export class SuiteExistsError extends HoldfastError {
  constructor(path: string) {
    super({
      code: 'CLI_SUITE_EXISTS',
      summary: 'The project has a suite already; nothing was written',
      where: displayPath(path),
      fix: 'add an eval with "npx holdfast new eval <name>", or name other folders with --evals and --suites',
    })
  }
}

/** A run named on the command line is not there. */
export class RunNotFoundError extends HoldfastError {
  constructor(given: string, tried: readonly string[]) {
    super({
      code: 'CLI_RUN_NOT_FOUND',
      summary: `No run directory (one with a ${PLAN_FILE}) was found for ${quoteUntrusted(given, 120)}`,
      where: tried.map(displayPath).join(', '),
      fix: 'name a directory under reports/, as the run printed it when it started',
    })
  }
}

/** The user interrupted a command. */
export class InterruptedError extends HoldfastError {
  constructor(directory: string | null, resumeCommand: string | null, cause: unknown) {
    super({
      code: 'CLI_INTERRUPTED',
      summary: 'Stopped as asked; nothing that was written is lost',
      where: directory === null ? 'before the first record was written' : displayPath(directory),
      fix:
        resumeCommand === null || directory === null
          ? 'run the same command again'
          : `go on with: ${resumeCommand} --resume ${basename(directory)}`,
      cause,
    })
  }
}

/** What a command prints cannot be written, for example to a file on a full disk. */
export class OutputFailedError extends HoldfastError {
  constructor(reason: string) {
    super({
      code: 'CLI_OUTPUT_FAILED',
      summary: `The output could not be written (${reason}); what was written to the run is intact`,
      where: 'standard output or standard error',
      fix: 'send the output elsewhere, or free space where it goes',
    })
  }
}

/** The user interrupted an evaluation. */
export class EvalStoppedError extends HoldfastError {
  constructor(resumeCommand: string, cause: HoldfastError) {
    super({
      code: 'CLI_INTERRUPTED',
      summary: 'Stopped as asked; every answer that came is kept',
      where: cause.where,
      fix: `go on with: ${resumeCommand}`,
      cause,
    })
  }
}
