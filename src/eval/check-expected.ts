/**
 * @file Asks graders whether they can use what each case expects, and whether their settings fit any case, so that a malformed expectation or a misspelt
 * field is an error and not a grade. Each case is looked at when its row is read: reading a million of them again would take as long as reading them.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from './case.ts'
import type { LocatedValue } from './case-source.ts'
import { ExpectedUnusableError, GraderCasesError } from './errors.ts'
import type { EvalOptions } from './eval.ts'
import type { Grader } from './grader.ts'

const SHOWN = 20

type Asked = Pick<EvalOptions, 'name' | 'graders' | 'auditGraders'>

/** The check of one eval: sees each case once, then says what is wrong. */
export class ExpectedCheck {
  readonly #evalName: string
  readonly #graders: readonly Grader[]
  readonly #problems: readonly { readonly grader: Grader; readonly found: string[] }[]

  private constructor({ name, graders, auditGraders = [] }: Asked) {
    this.#evalName = name
    this.#graders = [...graders, ...auditGraders].flatMap(withParts)
    this.#problems = this.#graders.flatMap((grader) => (grader.expectedProblem === undefined ? [] : [{ grader, found: [] }]))
  }

  /** A check whose graders have loaded what they need. */
  static async of(options: Asked): Promise<ExpectedCheck> {
    const check = new ExpectedCheck(options)
    for (const grader of check.#graders) await grader.ready?.()
    return check
  }

  see({ id, expected }: Case, { at, whereOf }: Pick<LocatedValue, 'at' | 'whereOf'>): void {
    for (const { grader, found } of this.#problems) {
      const problem = found.length === SHOWN ? null : (grader.expectedProblem?.(expected) ?? null)
      if (problem !== null) found.push(`${whereOf(at)}, case ${quoteUntrusted(id)}: ${problem}`)
    }
  }

  /** @throws ExpectedUnusableError, GraderCasesError */
  settle(cases: Iterable<Case>, origin: string): void {
    for (const grader of this.#graders) {
      const misfit = grader.checkCases?.(cases) ?? null
      if (misfit !== null) throw new GraderCasesError({ evalName: this.#evalName, origin, grader: grader.name, ...misfit })
      const problems = this.#problems.find((one) => one.grader === grader)?.found ?? []
      if (problems.length > 0) throw new ExpectedUnusableError({ evalName: this.#evalName, grader: grader.name, problems, origin })
    }
  }
}

/** A grader and those that it combines. */
function withParts(grader: Grader): readonly Grader[] {
  const parts = 'parts' in grader ? (grader.parts as Readonly<Record<string, Grader>>) : {}
  return [grader, ...Object.values(parts).flatMap(withParts)]
}
