/** @file A suite of one feature, one retention eval and one arm whose base model is not there, or the same with one thing changed. */
import { defineEval, defineSuite, graders } from 'holdfast'
import type { SuiteDefinition } from 'holdfast'
import { isShort } from './is-short.ts'

/** What may be changed. */
export type Change =
  | 'nothing'
  | 'cases'
  | 'label'
  | 'more cases'
  | 'code'
  | 'prompts'
  | 'graders'
  | 'training'
  | 'settings'
  | 'hacking'
  | 'sampling'
  | 'threshold'
  | 'arms'
  | 'another eval'
  | 'inconclusive'

/** The suite. */
export function noBase(change: Change): SuiteDefinition {
  const more =
    change === 'more cases'
      ? [0, 1, 2, 3].map((n) => ({
          id: `x${n}`,
          role: n === 0 ? ('dev' as const) : ('gate' as const),
          input: `Is it ${n}?`,
          expected: 'no',
        }))
      : []
  const yesNo = defineEval({
    name: 'yes-no',
    cases: [
      { id: 'a', role: 'train', input: 'Is it open?', expected: change === 'training' ? 'no' : 'yes' },
      { id: 'b', role: change === 'more cases' ? 'gate' : 'dev', input: 'Is it shut?', expected: 'no' },
      { id: 'c', role: 'gate', input: change === 'cases' ? 'Is it off?' : 'Is it on?', expected: change === 'label' ? 'no' : 'yes' },
      ...more,
    ],
    prompt: change === 'prompts' ? 'Say: {{input}}' : '{{input}}',
    graders: [graders.exactMatch()],
  })
  const sums = defineEval({
    name: change === 'another eval' ? 'products' : 'sums',
    cases: [
      { id: 'd', role: 'dev', input: '1 + 1', expected: '2' },
      { id: 'e', role: 'gate', input: '1 + 2', expected: '3' },
    ],
    prompt: '{{input}}',
    ...(change === 'sampling' ? { sampling: { maxNewTokens: 9 }, repeats: 2, reducer: 'max' } : {}),
    ...(change === 'threshold' ? { passThreshold: 0.5 } : {}),
    graders: [
      change === 'graders' ? graders.number() : graders.exactMatch(),
      graders.custom('short', ({ completion }) => isShort(completion.text), { settings: change === 'code' ? 2 : 1 }),
    ],
  })
  const steps = change === 'settings' ? 2 : 1
  return defineSuite({
    name: 'no-base',
    base: 'no-such-model-directory',
    features: [yesNo],
    retention: [sums],
    arms: [
      {
        name: change === 'arms' ? 'another' : 'sft',
        role: 'candidate',
        method: { name: 'sft', steps, batchSize: 1, learningRate: 0.001 },
      },
    ],
    ...(change === 'hacking' ? { hacking: { limit: 0.2 } } : {}),
    ...(change === 'inconclusive' ? { inconclusive: 'warn' } : {}),
  })
}
