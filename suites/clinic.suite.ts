/**
 * @file The example app: a clinic's patient chatbot that gained three features, one after another, on a small bundled model. Two retention evals
 * guard what the model could do before. Settings were chosen on dev cases.
 */
import { defineSuite } from 'holdfast'
import appointment from '../evals/appointment/appointment.eval.ts'
import dailyDose from '../evals/daily-dose/daily-dose.eval.ts'
import refill from '../evals/refill/refill.eval.ts'
import generalJson from '../evals/retention/general-json/general-json.eval.ts'
import generalText from '../evals/retention/general-text/general-text.eval.ts'

const sft = { name: 'sft', steps: 32, batchSize: 16, optimizer: { learningRate: 5e-4 } } as const

export default defineSuite({
  name: 'clinic',
  description: "A clinic's patient chatbot: refill requests, appointments, daily doses.",
  base: new URL('../models/nano/', import.meta.url),
  features: [refill, appointment, dailyDose],
  retention: [generalJson, generalText],
  lora: { rank: 16, alpha: 32, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] },
  seed: 1,
  arms: [
    { name: 'sft', role: 'candidate', method: { ...sft, demonstration: 'in-format' } },
    {
      name: 'raft',
      role: 'candidate',
      method: {
        name: 'raft',
        epochs: 3,
        promptsPerEpoch: 96,
        samplesPerPrompt: 4,
        steps: 36,
        batchSize: 16,
        optimizer: { learningRate: 1e-3 },
      },
    },
    {
      name: 'grpo',
      role: 'candidate',
      method: { name: 'grpo', steps: 20, promptsPerStep: 16, samplesPerPrompt: 8, optimizer: { learningRate: 1e-3 } },
    },
    // Controls, run when they are asked for by name: what the style of demonstrations, a low rate and a far too high rate do.
    { name: 'sft-house', role: 'control', optional: true, method: { ...sft, demonstration: 'house' } },
    {
      name: 'sft-lowlr',
      role: 'control',
      optional: true,
      method: { ...sft, demonstration: 'in-format', optimizer: { learningRate: 1e-4 } },
    },
    { name: 'sft-hot', role: 'control', optional: true, method: { ...sft, demonstration: 'in-format', optimizer: { learningRate: 5e-3 } } },
  ],
  gate: { margin: 0.05, minEffect: 0.05 },
  checkpoints: 4,
  devCases: 100,
  budgets: {
    // The committed example run: two features, just enough gate cases for the margin, and a control that is meant to fail.
    example: { features: 2, arms: ['sft', 'grpo', 'sft-hot'], gateCases: 320, twinCases: 40, devCases: 60 },
    small: {
      features: 2,
      arms: ['sft', 'grpo'],
      gateCases: 40,
      twinCases: 0,
      devCases: 20,
      method: {
        sft: { steps: 20, batchSize: 4 },
        grpo: { steps: 8, promptsPerStep: 4, samplesPerPrompt: 4 },
      },
    },
  },
})
