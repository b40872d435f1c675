/**
 * @file Script: what the base model can do, on `dev` cases only. `npm run pretrain:evaluate [-- DIRECTORY]` prints greedy accuracy per general skill,
 * and for every clinic feature what decides whether RFT has a signal: greedy accuracy, accuracy of samples, pass@8, share of mixed groups.
 */
import { fileURLToPath } from 'node:url'
import appointment from '../../../evals/appointment/appointment.eval.ts'
import dailyDose from '../../../evals/daily-dose/daily-dose.eval.ts'
import refill from '../../../evals/refill/refill.eval.ts'
import generalJson from '../../../evals/retention/general-json/general-json.eval.ts'
import generalText from '../../../evals/retention/general-text/general-text.eval.ts'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import type { EvalDefinition, Eval } from '../../../src/eval/eval.ts'
import { casesOf, loadEval } from '../../../src/eval/load-eval.ts'
import { gradeCompletion } from '../../../src/grading/grade-completion.ts'
import { MODEL_DIRECTORY } from './settings.ts'

const SAMPLES = 8

interface Base {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
}

/** For each dev case, for each of `samples` completions, whether it passed. One sample is greedy. */
async function passes({ engine, tokenizer }: Base, loaded: Eval, samples: number): Promise<boolean[][]> {
  const cases = casesOf(loaded, 'dev')
  const prompts = cases.map((row, i) => ({
    ids: tokenizer.renderChat(loaded.messages.get(row.id) ?? [], { addGenerationPrompt: true }).ids,
    seeds: Array.from({ length: samples }, (_, sample) => i * samples + sample),
  }))
  const generated = await engine.generate({
    weights: null,
    prompts,
    sampling: { ...loaded.sampling, temperature: samples === 1 ? 0 : 1 },
  })
  return Promise.all(
    cases.map((row, i) =>
      Promise.all(
        (generated[i] ?? []).map(async ({ ids, finish }) => {
          const completion = { text: tokenizer.decode(ids), tokenIds: [...ids], logProbs: null, finishReason: finish }
          return ((await gradeCompletion(loaded, row, { completion, profile: 'reward' })).reward ?? 0) >= loaded.passThreshold
        }),
      ),
    ),
  )
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

async function printSkills(base: Base, definition: EvalDefinition): Promise<void> {
  const loaded = await loadEval(definition, { origin: definition.options.name })
  const passed = await passes(base, loaded, 1)
  const bySkill = new Map<string, number[]>()
  for (const [i, { tags }] of casesOf(loaded, 'dev').entries()) {
    const skill = tags[0] ?? ''
    bySkill.set(skill, [...(bySkill.get(skill) ?? []), passed[i]?.[0] ? 1 : 0])
  }
  process.stdout.write(`${loaded.name.padEnd(14)} ${mean(passed.map(([first]) => (first ? 1 : 0))).toFixed(3)}\n`)
  for (const [skill, values] of bySkill) process.stdout.write(`  ${skill.padEnd(12)} ${mean(values).toFixed(2)}  of ${values.length}\n`)
}

async function printFeature(base: Base, definition: EvalDefinition): Promise<void> {
  const loaded = await loadEval(definition, { origin: definition.options.name })
  const greedy = await passes(base, loaded, 1)
  const groups = (await passes(base, loaded, SAMPLES)).map((group) => group.filter(Boolean).length)
  const figures = {
    greedy: mean(greedy.map(([first]) => (first ? 1 : 0))),
    'one sample': mean(groups.map((right) => right / SAMPLES)),
    [`pass@${SAMPLES}`]: mean(groups.map((right) => (right > 0 ? 1 : 0))),
    'mixed groups': mean(groups.map((right) => (right > 0 && right < SAMPLES ? 1 : 0))),
  }
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  process.stdout.write(`${loaded.name.padEnd(14)} ${text.join('  ')}\n`)
}

async function main(): Promise<void> {
  const directory = process.argv[2] ?? fileURLToPath(MODEL_DIRECTORY)
  const engine = await openEngine(directory)
  const base = { engine, tokenizer: openTokenizer(directory) }
  for (const definition of [generalJson, generalText]) await printSkills(base, definition)
  for (const definition of [refill, appointment, dailyDose]) await printFeature(base, definition)
  await engine.close()
}

await main()
