// tests/tuned.test.ts
import { evaluateEval } from 'holdfast/run'
import 'holdfast/vitest/matchers'
import { expect, it } from 'vitest'
import refill from '../evals/refill/refill.eval.ts'

it('the tuned model is better at refills and lost nothing', async () => {
  const grade = (model: string) => evaluateEval({ definition: refill, file: 'evals/refill/refill.eval.ts', model })
  const [before, after] = [await grade('models/nano'), await grade('my-adapter')]
  await expect(refill).toPassEval({ model: 'my-adapter', min: 0.8 })
  await expect(after).toImproveOn(before, { minEffect: 0.05 }) // the gate's IMPROVED
  await expect(after).toHold(before, { margin: 0.05 }) // the gate's HELD: proven, not merely "no significant loss"
})
