/**
 * @file What sandboxes say about code: the shapes that cross from the thread or process that ran it.
 */

/** One test of a completion's code. */
export interface TestOutcome {
  readonly name: string
  /** Null when it came to its end and asserted nothing on the way, or skipped itself: then nobody knows. */
  readonly passed: boolean | null
  /** Why it did not pass; may hold untrusted text. */
  readonly error: string | null
}

/** Why code could not be judged at all. The code is stable; the message may hold untrusted text. */
export interface CodeProblem {
  readonly code: string
  readonly message: string
}

/** A completion's code and its tests. `problem` is set when the tests themselves or the sandbox failed: then there is no verdict. */
export interface TestedCode {
  readonly compiles: boolean
  readonly tests: readonly TestOutcome[]
  readonly problem: CodeProblem | null
}

/** One test: source text that must not throw (or be false), or arguments and the value that the entry function must give. */
export type CodeTest =
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'pair'; readonly argsJson: string; readonly expectedJson: string }

/** Tests of one case. A program may declare several tests; its text is run as a whole. */
export interface CodeTests {
  readonly entry: string | null
  readonly program: string | null
  readonly list: readonly CodeTest[]
}

/** What a grading program gave, as JSON; or why it gave nothing. */
export type ProgramVerdict = { readonly value: unknown } | { readonly problem: CodeProblem }
