/**
 * @file The failures of reading RFT grader JSON. Text of the JSON in them is quoted.
 */
import { HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

const SHOWN = 6

/** JSON that is no RFT grader, or none that can be run here. */
export class RftInvalidError extends HoldfastError {
  readonly problems: readonly string[]

  constructor(where: string, problems: readonly string[]) {
    const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : ''
    super({
      code: 'RFT_INVALID',
      summary: `The RFT grader is not usable: ${problems.slice(0, SHOWN).join('; ')}${more}`,
      where,
      fix: 'correct these members; docs/rft-graders.md says what is accepted',
    })
    this.problems = problems
  }
}

/** A placeholder in a template that names nothing: another namespace than item and sample, or a member that a sample does not have. */
export class RftVariableError extends HoldfastError {
  constructor(where: string, variable: string, problem: string) {
    super({
      code: 'INVALID_VARIABLE_ERROR',
      summary: `The template variable ${quoteUntrusted(variable)} ${problem}`,
      where,
      fix: 'use {{ item.<field of the case> }} or {{ sample.output_text }}, output_json, output_tools or choices, with .member or [0] behind it',
    })
  }
}
