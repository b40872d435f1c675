/**
 * @file The failures of defining a grader: settings that could never work. What a model wrote is never an error of these, only a grade.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { withCallSite } from './options/call-site.ts'

/** A grader whose settings are unknown, contradict each other or lie out of range. */
export class GraderOptionsError extends defineError(
  'GRADER_OPTIONS_INVALID',
  ({ where, problem, fix }: { where: string; problem: string; fix: string }) => ({
    summary: `The settings of a grader are not usable: ${problem}`,
    where,
    fix,
  }),
) {
  constructor({ grader, problem, fix }: { grader: string; problem: string; fix: string }) {
    super({ where: withCallSite(`graders.${grader}({ … })`), problem, fix })
  }
}

/** A pattern that no linear-time engine can run, or that is none. */
export class PatternUnusableError extends defineError(
  'PATTERN_UNUSABLE',
  ({ pattern, where, reason }: { pattern: string; where: string; reason: string }) => ({
    summary: `The pattern ${quoteUntrusted(pattern)} cannot be used: ${reason}`,
    where,
    fix: 'patterns run on RE2, in time linear in the text: write it without look-around and backreferences, with at most 1000 repeats of anything small',
  }),
) {}

/** A JSON schema that is none. */
export class JsonSchemaUnusableError extends defineError(
  'JSON_SCHEMA_UNUSABLE',
  ({ where, reason }: { where: string; reason: string }) => ({
    summary: `The JSON schema cannot be used: ${quoteUntrusted(reason, 300)}`,
    where,
    fix: 'give a schema of draft 2020-12, 2019-09 or 7 that refers to nothing outside itself',
  }),
) {}
