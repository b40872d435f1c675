// suites/gpu-clinic.suite.ts
import { chain, defineSuite, dpo, grpo, sft, trl } from 'holdfast'
import generalText from '../evals/retention/general-text/general-text.eval.ts'
import refill from '../evals/refill/refill.eval.ts'

export default defineSuite({
  name: 'gpu-clinic',
  base: 'Qwen/Qwen3-8B',
  trainer: trl({ host: 'ssh://user@gpu1', precision: 'bf16' }),
  features: [refill],
  retention: [generalText],
  arms: [
    { name: 'sft', role: 'candidate', method: sft({ steps: 60, batchSize: 16, learningRate: 0.0001 }) },
    // Pairs made of the model's own graded samples; without `from` they are the cases' own `chosen` and `rejected`.
    { name: 'dpo', role: 'candidate', method: dpo({ from: 'samples', steps: 40, batchSize: 8, learningRate: 0.00001 }) },
    {
      name: 'sft-grpo',
      role: 'candidate',
      method: chain(
        sft({ steps: 20, batchSize: 16, learningRate: 0.0001 }),
        grpo({ steps: 40, promptsPerStep: 8, samplesPerPrompt: 8, learningRate: 0.00002, instanceFilter: { samples: 8 } }),
      ),
    },
  ],
})
