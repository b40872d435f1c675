/**
 * @file A small eval of sums, and the context of a grading.
 */
import { defineEval } from '../../src/eval/define-eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import type { Eval, EvalOptions } from '../../src/eval/eval.ts'
import { graders } from '../../src/grader/graders.ts'
import type { GradingContext } from '../../src/grading/grading-context.ts'

export const CONTEXT: GradingContext = {
  run: 'r1',
  suiteHash: 'aaaa',
  suiteSeed: 7,
  arm: 'sft',
  round: '01-sums',
  step: null,
  trainingSeeds: { initialisation: 1, order: 2, sampling: 3 },
  parent: null,
}

/** `count` gate cases "n+1", expected n+1. */
export function sumsEval(count: number, changes: Partial<EvalOptions> = {}): Promise<Eval> {
  const cases = Array.from({ length: count }, (_, n) => ({
    id: `c${n}`,
    input: `${n}+1`,
    expected: String(n + 1),
    role: 'gate' as const,
    cluster: `k${n % 3}`,
  }))
  return loadEval(defineEval({ name: 'sums', cases, prompt: '{{input}}', graders: [graders.number()], ...changes }), {
    origin: 'sums.eval.ts',
  })
}

/** Right, except that every seventh sum is off by one. */
export function addUp(question: string): string {
  const n = Number(question.split('+')[0])
  return String(n % 7 === 0 ? n : n + 1)
}
