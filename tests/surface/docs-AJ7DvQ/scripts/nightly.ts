// scripts/nightly.ts
import { evaluateEval } from 'holdfast'
import refill from '../evals/refill/refill.eval.ts'

export const result = await evaluateEval({
  definition: refill,
  file: 'evals/refill/refill.eval.ts',
  model: process.env['NIGHTLY_MODEL'] ?? 'models/nano',
  limit: 10,
  cache: 'off',
  directory: "/work/w-gate/tests/surface/docs-AJ7DvQ",
})
export const line = `${result.evalName}: ${result.passShare} passed, ${result.errors} without a grade`
