/**
 * @file The one shape of Holdfast's failures: data with a code first, text second. `defineError` makes a class from a code and a pure function
 * that puts the data into words; each folder defines its own in `errors.ts`, one per failure that a caller can act on, and `src/failures.ts`
 * joins them to a union on `code`. Knows nothing of any of them.
 */

import { redactJson, redactSecrets } from './secrets.ts'

const MARKER = Symbol.for('holdfast.error')

/** What a failure says to a person: the summary is one sentence without a final period. */
export interface ErrorTexts {
  readonly summary: string
  readonly where: string
  readonly fix: string
}

/** The printed parts of a message. */
export interface ErrorParts extends ErrorTexts {
  readonly code: string
}

/** A failure whole. `data` is what a program would act on, as plain JSON. */
interface WholeError<Code extends string, Data> extends ErrorTexts {
  readonly code: Code
  readonly data: Readonly<Data>
}

/** A failure that a caller can act on. `message` holds the three printed texts; recognise it with `isHoldfastError`, never by `instanceof`. */
export class HoldfastError<Code extends string = string, Data = unknown> extends Error {
  readonly code: Code
  readonly data: Readonly<Data>
  readonly summary: string
  readonly where: string
  readonly fix: string

  constructor({ code, data, ...texts }: WholeError<Code, Data>, options?: ErrorOptions) {
    const { summary, where, fix } = redactTexts(texts)
    super(formatParts({ code, summary, where, fix }), options?.cause === undefined ? undefined : options)
    this.name = new.target.name
    this.code = code
    this.data = redactJson(data) as Readonly<Data>
    this.summary = summary
    this.where = where
    this.fix = fix
    Object.defineProperty(this, MARKER, { value: true })
  }

  /** The failure for machines. */
  toJSON(): WholeError<Code, Data> {
    return { code: this.code, summary: this.summary, where: this.where, fix: this.fix, data: this.data }
  }
}

/** What may stand in the data of an error: JSON, and members that are left out when undefined. */
export type ErrorData<Data> = { readonly [Key in keyof Data]: Plain<Data[Key]> }

type Plain<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly unknown[] | object
    ? Value extends (...args: never) => unknown
      ? never
      : ErrorData<Value>
    : never

/** The class of one failure: its code and its texts can be had without an instance. */
export interface ErrorClass<Code extends string, Data> {
  new (data: Readonly<Data>, options?: ErrorOptions): HoldfastError<Code, Data>
  readonly code: Code
  /** The texts that follow from the data, without secrets. */
  textsOf(data: Readonly<Data>): ErrorTexts
}

/**
 * The class of a failure with this code. `describe` is a pure function of the data (paths are shown relative to the working directory): the same
 * data, read back from JSON, gives the same texts. Untrusted text is quoted there.
 */
export function defineError<const Code extends string, Data extends object = Readonly<Record<string, never>>>(
  code: Code,
  describe: ((data: Data) => ErrorTexts) & ([Data] extends [ErrorData<Data>] ? unknown : 'the data of an error is plain JSON'),
): ErrorClass<Code, Data> {
  return class extends HoldfastError<Code, Data> {
    static readonly code = code

    static textsOf(data: Readonly<Data>): ErrorTexts {
      return redactTexts(describe(redactJson(data) as Data))
    }

    constructor(data: Readonly<Data>, options?: ErrorOptions) {
      super({ code, data, ...describe(redactJson(data) as Data) }, options)
    }
  }
}

/** A bug in Holdfast itself: a state that its own code should have made impossible. */
export class InternalError extends defineError('INTERNAL', ({ summary, where }: { summary: string; where: string }) => ({
  summary,
  where,
  fix: 'this is a bug in Holdfast: please report it with the command that led here',
})) {
  constructor(summary: string, where: string) {
    super({ summary, where })
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

function redactTexts({ summary, where, fix }: ErrorTexts): ErrorTexts {
  return { summary: redactSecrets(summary), where: redactSecrets(where), fix: redactSecrets(fix) }
}
