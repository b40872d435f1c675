/** @file A suite that needs no file and no model, and changes to it. */
import { defineEval } from '../../src/eval/define-eval.ts'
import type { CaseInput } from '../../src/eval/case.ts'
import type { EvalDefinition, EvalOptions } from '../../src/eval/eval.ts'
import { graders } from '../../src/grader/graders.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { defineSuite } from '../../src/suite/define-suite.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'
import type { SuiteOverrides } from '../../src/suite/check-suite.ts'
import type { Suite } from '../../src/suite/checked-suite.ts'

export function smallEval(name: string, changes: Partial<EvalOptions> = {}): EvalDefinition {
  const roles = ['train', 'dev', 'gate', 'gate', 'gate', 'gate'] as const
  const cases = roles.map((role, i) => ({ id: `${name}-${i}`, role, input: `${name} question ${i}`, expected: `${i}` }))
  return defineEval({ name, cases, prompt: '{{input}}', graders: [graders.exactMatch()], ...changes })
}

/** The same with what people gave of its train case. */
export function ratedEval(
  name: string,
  given: { readonly chosen?: string; readonly rejected?: string; readonly thumb?: 'up' | 'down' },
): EvalDefinition {
  const plain = smallEval(name).options.cases as readonly CaseInput[]
  return smallEval(name, { cases: plain.map((row) => (row.role === 'train' ? { ...row, ...given } : row)) })
}

export const SFT = { name: 'sft', steps: 10, batchSize: 4, learningRate: 0.001 } as const

/** Two features, one retention eval, one arm. */
export const SMALL: SuiteOptions = {
  name: 'small',
  base: 'no-such-model',
  features: [smallEval('refill'), smallEval('triage')],
  retention: [smallEval('kept')],
  arms: [{ name: 'sft', role: 'candidate', method: SFT }],
}

export function checkSmall(changes: Partial<SuiteOptions> = {}, overrides: SuiteOverrides = {}): Promise<Suite> {
  return checkSuite(defineSuite({ ...SMALL, ...changes }), 'small.suite.ts', overrides)
}
