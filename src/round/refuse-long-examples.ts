/**
 * @file Measures what arms would be trained on against the positions of the base before anything is spent: one example that does not fit would end its
 * arm's training, after the base was graded.
 */
import type { Suite } from '../suite/checked-suite.ts'
import type { EstimateBase, TokenCounter } from '../estimate/estimate-base.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import type { TrainingExample } from '../trainer/training-spec.ts'
import { ExamplesTooLongError } from './errors.ts'
import { buildExamples } from './training-examples.ts'

/** What of a base decides whether an example fits. */
export type MeasuringBase = Pick<EstimateBase, 'counter' | 'isCounted' | 'maxPositions'>

/** @throws ExamplesTooLongError for the first arm and feature with examples that do not fit; nothing where tokens cannot be counted */
export function refuseLongExamples(suite: Suite, { counter, isCounted, maxPositions }: MeasuringBase): void {
  if (!isCounted || maxPositions === null) return
  for (const { eval: feature } of suite.features) {
    for (const arm of suite.arms) {
      const method = arm.methods[feature.name]
      if (method === undefined) continue
      const { maxNewTokens } = feature.sampling
      const long = examplesOf(feature, method).flatMap((example) => {
        const tokens = tokensOf(example, counter, maxNewTokens)
        return tokens > maxPositions ? [{ caseId: example.caseId, tokens }] : []
      })
      if (long.length > 0) throw new ExamplesTooLongError({ file: suite.file, arm: arm.name, feature: feature.name, maxPositions, long })
    }
  }
}

/** Replayed examples are those of another feature's own check. */
function examplesOf(feature: Suite['features'][number]['eval'], method: MethodSpec): readonly TrainingExample[] {
  return buildExamples({ feature, earlier: [], method, seed: 0 })
}

/** A prompt needs room for the longest answer that may be drawn. */
function tokensOf(example: TrainingExample, counter: TokenCounter, maxNewTokens: number): number {
  const prompt = counter.prompt(example.messages)
  if (example.type === 'prompt') return prompt + maxNewTokens
  if (example.type === 'pair') return prompt + Math.max(counter.answer(example.chosen), counter.answer(example.rejected))
  return prompt + counter.answer(example.completion)
}
