/**
 * @file Asks graders whether they can use what each case expects, and whether their settings fit any case, so that a malformed expectation or a misspelt
 * field is an error and not a grade.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from './case.ts'
import { ExpectedUnusableError, GraderCasesError } from './errors.ts'
import type { EvalOptions } from './eval.ts'
import type { Grader } from './grader.ts'

const SHOWN = 20

/** @throws ExpectedUnusableError, GraderCasesError */
export async function checkExpected(
  { name, graders, auditGraders = [] }: Pick<EvalOptions, 'name' | 'graders' | 'auditGraders'>,
  cases: Iterable<Case>,
  origin: string,
): Promise<void> {
  for (const grader of [...graders, ...auditGraders].flatMap(withParts)) {
    await grader.ready?.()
    const found = grader.checkCases?.(cases) ?? null
    if (found !== null) throw new GraderCasesError({ evalName: name, origin, grader: grader.name, ...found })
    const problems = problemsOf(grader, cases)
    if (problems.length > 0) throw new ExpectedUnusableError({ evalName: name, grader: grader.name, problems, origin })
  }
}

function problemsOf(grader: Grader, cases: Iterable<Case>): readonly string[] {
  const problems: string[] = []
  if (grader.expectedProblem === undefined) return problems
  for (const { id, expected } of cases) {
    const problem = grader.expectedProblem(expected)
    if (problem !== null) problems.push(`case ${quoteUntrusted(id)}: ${problem}`)
    if (problems.length === SHOWN) break
  }
  return problems
}

/** A grader and those that it combines. */
function withParts(grader: Grader): readonly Grader[] {
  const parts = 'parts' in grader ? (grader.parts as Readonly<Record<string, Grader>>) : {}
  return [grader, ...Object.values(parts).flatMap(withParts)]
}
