/**
 * @file Script: what a model can do, for choosing the corpus and the features: greedy accuracy per general skill, and for each clinic feature greedy
 * accuracy, pass@8 and the share of prompts solved in some of 8 samples but not in all (what RFT can learn from). Looks at dev cases only.
 * `npm run pretrain:evaluate [-- --model DIR]`
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import appointment from '../../../evals/appointment/appointment.eval.ts'
import dailyDose from '../../../evals/daily-dose/daily-dose.eval.ts'
import refill from '../../../evals/refill/refill.eval.ts'
import generalJson from '../../../evals/retention/general-json/general-json.eval.ts'
import generalText from '../../../evals/retention/general-text/general-text.eval.ts'
import { openEngine } from '../../../src/engine/client.ts'
import { openTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import type { Case } from '../../../src/eval/case.ts'
import type { Eval } from '../../../src/eval/eval.ts'
import { casesOf, loadEval } from '../../../src/eval/load-eval.ts'
import { gradeCompletion } from '../../../src/grading/grade-completion.ts'
import { createEmbeddedModel } from '../../../src/model/embedded-model.ts'
import type { Model } from '../../../src/model/model.ts'
import { MODEL_DIRECTORY } from './settings.ts'

const FEATURE_CASES = 120
const SAMPLES = 8

/** For each case, how many of its samples pass. */
async function countPasses(
  model: Model,
  evaluated: Eval,
  work: { cases: readonly Case[]; samples: number; temperature: number },
): Promise<number[]> {
  const seeds = Array.from({ length: work.samples }, (_, k) => k + 1)
  const prompts = work.cases.map((row) => ({ messages: evaluated.messages.get(row.id) ?? [], seeds }))
  const completions = await model.generate(prompts, { ...evaluated.sampling, temperature: work.temperature })
  const counts: number[] = []
  for (const [i, row] of work.cases.entries()) {
    let passed = 0
    for (const completion of completions[i] ?? []) {
      const grade = await gradeCompletion(evaluated, row, { completion, profile: 'eval' })
      if (grade.reward !== null && grade.reward >= evaluated.passThreshold) passed++
    }
    counts.push(passed)
  }
  return counts
}

const share = (values: readonly boolean[]): string => (values.filter(Boolean).length / Math.max(1, values.length)).toFixed(3)

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { model: { type: 'string' } } })
  const directory = values.model ?? fileURLToPath(MODEL_DIRECTORY)
  const engine = await openEngine(directory)
  const tokenizer = openTokenizer(directory)
  const identity = {
    base: engine.model.hash,
    adapter: null,
    tokenizer: tokenizer.hash,
    precision: 'f32',
    device: 'cpu',
    engine: engine.model.runtime,
  }
  const model = createEmbeddedModel({ engine, tokenizer, weights: null, identity })
  for (const definition of [refill, appointment, dailyDose]) {
    const evaluated = await loadEval(definition, { origin: definition.options.name })
    const cases = casesOf(evaluated, 'dev').slice(0, FEATURE_CASES)
    const greedy = await countPasses(model, evaluated, { cases, samples: 1, temperature: 0 })
    const sampled = await countPasses(model, evaluated, { cases, samples: SAMPLES, temperature: 1 })
    const figures = {
      greedy: share(greedy.map((count) => count > 0)),
      'pass@8': share(sampled.map((count) => count > 0)),
      mixed: share(sampled.map((count) => count > 0 && count < SAMPLES)),
      mean: (sampled.reduce((sum, count) => sum + count, 0) / (SAMPLES * cases.length)).toFixed(3),
    }
    process.stdout.write(`${evaluated.name.padEnd(14)} ${JSON.stringify(figures)}\n`)
  }
  for (const definition of [generalJson, generalText]) {
    const evaluated = await loadEval(definition, { origin: definition.options.name })
    const cases = casesOf(evaluated, 'dev')
    const passes = await countPasses(model, evaluated, { cases, samples: 1, temperature: 0 })
    const bySkill = new Map<string, boolean[]>()
    for (const [i, row] of cases.entries())
      for (const tag of row.tags) bySkill.set(tag, [...(bySkill.get(tag) ?? []), (passes[i] ?? 0) > 0])
    process.stdout.write(`${evaluated.name.padEnd(14)} ${share(passes.map((count) => count > 0))}\n`)
    for (const [skill, list] of bySkill) process.stdout.write(`    ${skill.padEnd(12)} ${share(list)} of ${list.length}\n`)
  }
  await engine.close()
}

await main()
