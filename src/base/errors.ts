/**
 * @file The one error shape of Holdfast: a stable code, what happened, where, and how to mend it.
 * Each folder declares its own subclasses in `errors.ts`, one per failure that a caller can act on. Knows nothing of any of them.
 */

import { redactSecrets } from './secrets.ts'

const MARKER = Symbol.for('holdfast.error')

/** What a failure says to a person: the summary holds one sentence without a final period. */
export interface ErrorParts {
  readonly code: string
  readonly summary: string
  readonly where: string
  readonly fix: string
  readonly cause?: unknown
}

/** A failure that a caller can act on. `message` holds the three printed parts; recognise it with `isHoldfastError`, never by `instanceof`. */
export class HoldfastError extends Error {
  readonly code: string
  readonly summary: string
  readonly where: string
  readonly fix: string

  constructor({ code, cause, ...texts }: ErrorParts) {
    const [summary, where, fix] = [texts.summary, texts.where, texts.fix].map(redactSecrets) as [string, string, string]
    super(formatParts({ code, summary, where, fix }), cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.summary = summary
    this.where = where
    this.fix = fix
    Object.defineProperty(this, MARKER, { value: true })
  }
}

/** A bug in Holdfast itself: a state that its own code should have made impossible. */
export class InternalError extends HoldfastError {
  constructor(summary: string, where: string) {
    super({ code: 'INTERNAL', summary, where, fix: 'this is a bug in Holdfast: please report it with the command that led here' })
  }
}

/** The three lines of a message: code and summary, where, fix. */
export function formatParts(parts: ErrorParts): string {
  return `${parts.code}  ${parts.summary}\n  where  ${parts.where}\n  fix    ${parts.fix}`
}

/** Whether `value` is a HoldfastError of this or another copy of the package (worker threads and vitest load several). */
export function isHoldfastError(value: unknown): value is HoldfastError {
  return typeof value === 'object' && value !== null && MARKER in value
}
