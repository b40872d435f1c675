/**
 * @file The failures of reading RFT grader JSON. Text of the JSON in them is quoted.
 */
import { defineError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

const SHOWN = 6

/** JSON that is no RFT grader, or none that can be run here. */
export class RftInvalidError extends defineError('RFT_INVALID', ({ where, problems }: { where: string; problems: readonly string[] }) => {
  const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : ''
  return {
    summary: `The RFT grader is not usable: ${problems.slice(0, SHOWN).join('; ')}${more}`,
    where,
    fix: 'correct these members; docs/rft-graders.md says what is accepted',
  }
}) {}

/** A placeholder in a template that names nothing: another namespace than item and sample, or a member that a sample does not have. */
export class RftVariableError extends defineError(
  'INVALID_VARIABLE_ERROR',
  ({ where, variable, problem }: { where: string; variable: string; problem: string }) => ({
    summary: `The template variable ${quoteUntrusted(variable)} ${problem}`,
    where,
    fix: 'use {{ item.<field of the case> }} or {{ sample.output_text }}, output_json, output_tools or choices, with .member or [0] behind it',
  }),
) {}
