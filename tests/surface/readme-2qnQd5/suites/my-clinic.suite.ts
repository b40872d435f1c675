// suites/my-clinic.suite.ts
import { defineSuite } from 'holdfast'
import generalText from '../evals/retention/general-text/general-text.eval.ts'
import openingHours from '../evals/opening-hours/opening-hours.eval.ts'
import refill from '../evals/refill/refill.eval.ts'

export default defineSuite({
  name: 'my-clinic',
  base: 'models/nano',
  // In the order the app gained them. Each is one round for every arm.
  features: [refill, openingHours],
  // General skills that no round may lose.
  retention: [generalText],
  arms: [
    { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 60, batchSize: 16, learningRate: 0.001 } },
    { name: 'grpo', role: 'candidate', method: { name: 'grpo', steps: 40, promptsPerStep: 8, samplesPerPrompt: 8, learningRate: 0.0005 } },
    // A control never ships and never fails a run; it shows that the gate bites.
    { name: 'sft-hot', role: 'control', method: { name: 'sft', steps: 60, batchSize: 16, learningRate: 0.01 } },
  ],
})
