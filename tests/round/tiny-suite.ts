/** @file A whole suite that runs in seconds on a tiny model: two features, two retention evals, three arms. */
import { defineEval } from '../../src/eval/define-eval.ts'
import type { CaseInput, Role } from '../../src/eval/case.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { defineSuite } from '../../src/suite/define-suite.ts'
import type { ArmOptions, SuiteDefinition, SuiteOptions } from '../../src/suite/suite.ts'

const COUNTS: readonly (readonly [Role, number])[] = [
  ['train', 24],
  ['dev', 8],
  ['gate', 60],
  ['twin', 6],
]

function rows(name: string): CaseInput[] {
  return COUNTS.flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${name}-${role}-${index}`,
      role,
      input: `${name} ${role} ${index}`,
      expected: 'e',
      tags: [index % 2 === 0 ? 'even' : 'odd'],
      ...(role === 'twin' ? { twinOf: `${name}-gate-${index}` } : {}),
    })),
  )
}

/** Rewards the share of words with an "e": a random model earns some of it. */
const gradeLetter = grader('letter', ({ completion, case: row }) => {
  const words = completion.text.split(/\s+/).filter((word) => word !== '')
  const right = words.filter((word) => word.includes(JSON.stringify(row.expected).slice(1, -1))).length
  return words.length === 0 ? 0 : right / words.length
})

export function tinyEval(name: string, extra: Partial<Parameters<typeof defineEval>[0]> = {}): EvalDefinition {
  return defineEval({
    name,
    cases: rows(name),
    prompt: '{{input}}',
    graders: [gradeLetter],
    passThreshold: 0.4,
    sampling: { maxNewTokens: 8 },
    demonstrations: { 'in-format': () => 'e e e' },
    ...extra,
  })
}

export const TINY_ARMS: readonly ArmOptions[] = [
  { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 6, batchSize: 8, learningRate: 0.01 } },
  {
    name: 'raft',
    role: 'candidate',
    method: { name: 'raft', steps: 6, batchSize: 8, epochs: 2, promptsPerEpoch: 8, samplesPerPrompt: 4, learningRate: 0.01 },
  },
  { name: 'grpo', role: 'candidate', method: { name: 'grpo', steps: 6, promptsPerStep: 4, samplesPerPrompt: 4, learningRate: 0.01 } },
]

/** @param base directory of a tiny model */
export function tinySuite(base: string, options: Partial<SuiteOptions> = {}): SuiteDefinition {
  return defineSuite({
    name: 'tiny',
    base,
    features: [tinyEval('first'), tinyEval('second')],
    retention: [tinyEval('old-one'), tinyEval('old-two')],
    arms: TINY_ARMS,
    lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] },
    gate: { margin: 0.3 },
    seed: 7,
    checkpoints: 2,
    devCases: 8,
    ...options,
  })
}
