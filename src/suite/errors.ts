/**
 * @file What can be wrong with a suite file.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { HoldfastError } from '../base/errors.ts'

/** A suite file's content does not have the shape of a suite. */
export class SuiteInvalidError extends HoldfastError {
  constructor(data: { file: string; problems: readonly string[] }) {
    super({
      code: 'SUITE_INVALID',
      summary: `The suite cannot be used: ${data.problems.join('; ')}`,
      where: data.file,
      fix: 'correct these settings; `SuiteOptions` documents each of them',
    })
  }
}

/** An arm, feature or budget was asked for by a name that the suite does not have. */
export class SuiteNameUnknownError extends HoldfastError {
  constructor(data: { file: string; kind: 'arm' | 'feature' | 'budget'; name: string; known: readonly string[] }) {
    super({
      code: 'SUITE_NAME_UNKNOWN',
      summary: `The suite has no ${data.kind} ${quoteUntrusted(data.name)}`,
      where: data.file,
      fix: data.known.length === 0 ? `add a ${data.kind} to the suite` : `use one of: ${data.known.join(', ')}`,
    })
  }
}
