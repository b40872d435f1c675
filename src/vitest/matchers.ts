/**
 * @file The entry `holdfast/vitest/matchers`: importing it teaches `expect` to judge evals, in tests of your own and in `setupFiles`.
 */
import { expect } from 'vitest'
import { resolve } from 'node:path'
import { displayPath } from '../base/display-path.ts'
import type { Role } from '../eval/case.ts'
import type { EvalDefinition } from '../eval/eval.ts'
import type { EvaluateOptions, EvaluationResult } from '../round/evaluate.ts'
import { caseResults } from './evals/case-results.ts'
import { compareResults } from './compare-results.ts'
import type { Comparison, ComparisonOptions } from './compare-results.ts'
import { MatcherUsageError } from './errors.ts'
import { caseLines, givenCases, percent, shareText } from './result-text.ts'

/** How an eval is run by a matcher. */
export interface GradingOptions {
  /** Whole model for an adapter, instead of the one that its adapter_config.json names. */
  readonly base?: string
  /** Default: dev. */
  readonly roles?: readonly Role[]
  /** At most this many cases, chosen by the hash of their ids. */
  readonly limit?: number
  readonly seed?: number
  /** Folder that the grades go to. Default reports/vitest. */
  readonly directory?: string
}

export interface ToPassEvalOptions extends GradingOptions {
  readonly model: EvaluateOptions['model']
  /** Smallest share of cases that must pass. Default: the eval's `minPass`, else 1. */
  readonly min?: number
}

/** Compares two evaluations, or two models on an eval. */
export interface CompareOptions extends ComparisonOptions, GradingOptions {
  /** The eval on which models are compared; needed where a side is a model. */
  readonly on?: EvalDefinition
}

/** A result of `evaluateEval`, or a model to be evaluated. */
export type Compared = EvaluationResult | EvaluateOptions['model']

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The matchers, for `expect.extend`. Importing this file has done that already for vitest's own `expect`. */
export const holdfastMatchers = {
  /** `await expect(evalDefinition).toPassEval({ model: 'models/nano', min: 0.9 })` */
  async toPassEval(received: EvalDefinition, options: ToPassEvalOptions): Promise<MatcherResult> {
    const { model, min, ...grading } = options
    if (!isEval(received))
      throw new MatcherUsageError({ matcher: 'toPassEval', problem: 'expect() was not given what defineEval() returns' })
    const result = await grade(received, model, grading)
    const wanted = min ?? received.options.minPass ?? 1
    const failed = caseResults(result.records).filter(({ state }) => state !== 'passed')
    const pass = result.errors < result.cases && result.passShare >= wanted - 1e-12
    const lines = [...caseLines('failed', givenCases(failed)), `grades  ${displayPath(result.file)}`]
    const head = `eval "${result.evalName}": ${shareText(result)}; at least ${percent(wanted)} ${pass ? 'passed' : 'must'}`
    return { pass, message: () => [head, ...lines].join('\n  ') }
  },

  /** `await expect(after).toImproveOn(before, { minEffect: 0.05 })` */
  async toImproveOn(received: Compared, baseline: Compared, options: CompareOptions = {}): Promise<MatcherResult> {
    return judged('IMPROVED', await compared(received, baseline, { ...options, question: 'improve', matcher: 'toImproveOn' }))
  },

  /** `await expect(after).toHold(before, { margin: 0.05 })`: proven not to have lost the margin; "no significant loss" does not pass. */
  async toHold(received: Compared, baseline: Compared, options: CompareOptions = {}): Promise<MatcherResult> {
    return judged('HELD', await compared(received, baseline, { ...options, question: 'hold', matcher: 'toHold' }))
  },
}

async function compared(
  received: Compared,
  baseline: Compared,
  asked: CompareOptions & { readonly question: 'improve' | 'hold'; readonly matcher: string },
): Promise<Comparison> {
  const { question, matcher, on, base, roles, limit, seed, directory, ...declared } = asked
  const sides: EvaluationResult[] = []
  for (const side of [baseline, received]) {
    if (isResult(side)) sides.push(side)
    else if (on === undefined) throw new MatcherUsageError({ matcher, problem: 'a side is a model, and `on` does not say on which eval' })
    else sides.push(await grade(on, side, given({ base, roles, limit, seed, directory })))
  }
  const [before, after] = sides as [EvaluationResult, EvaluationResult]
  if (before.evalName !== after.evalName)
    throw new MatcherUsageError({ matcher, problem: `the sides are of two evals, "${before.evalName}" and "${after.evalName}"` })
  const fromEval = on === undefined ? {} : given({ chance: on.options.chance, graded: on.options.graded })
  return compareResults({ baseline: before, candidate: after }, question, { ...fromEval, ...declared })
}

function judged(wanted: 'IMPROVED' | 'HELD', { verdict, lost, differences }: Comparison): MatcherResult {
  const unlike = differences.map(({ hash, pairs }) => `unlike  ${hash} differs on ${pairs} pairs; they are compared as they are`)
  const lines = [`${wanted} was asked`, ...caseLines('lost  ', givenCases(lost)), ...unlike]
  return { pass: verdict.verdict === wanted, message: () => [verdict.reason, ...lines].join('\n  ') }
}

async function grade(definition: EvalDefinition, model: EvaluateOptions['model'], options: GradingOptions): Promise<EvaluationResult> {
  const { evaluateEval } = await import('../round/evaluate.ts')
  const file = expect.getState().testPath ?? definition.options.name
  return evaluateEval({ directory: resolve('reports/vitest'), ...options, definition, file, model })
}

/** Without the members that are undefined. */
function given<T extends object>(members: T): { readonly [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}

function isEval(value: unknown): value is EvalDefinition {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'holdfast.eval-definition'
}

function isResult(value: unknown): value is EvaluationResult {
  return typeof value === 'object' && value !== null && 'records' in value && 'evalName' in value
}

interface HoldfastMatchers<Result> {
  /** Runs the eval on the model and passes when at least `min` of its cases do. */
  toPassEval(options: ToPassEvalOptions): Promise<Result>
  /** Passes when the gate's verdict is IMPROVED: a proven gain of at least `minEffect`. */
  toImproveOn(baseline: Compared, options?: CompareOptions): Promise<Result>
  /** Passes when the gate's verdict is HELD: proven not to have lost `margin`. */
  toHold(baseline: Compared, options?: CompareOptions): Promise<Result>
}

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface, no-unused-vars -- T must be named as vitest names it
  interface Matchers<T> extends HoldfastMatchers<void> {}
}

expect.extend(holdfastMatchers)
