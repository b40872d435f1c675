/**
 * @file Times the same training on both trainers, one after the other in alternating rounds: from submission to the first step, seconds a step, and the
 * whole, with the clinic's refill cases. Same tokens, same order, same rates; GRPO draws its own samples on each.
 *
 *     npm run bench:trainers -- [--python PYTHON] [--model DIR] [--rounds 3] [--sft-steps 30] [--grpo-steps 10] [--prompts 8]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import refill from '../evals/refill/refill.eval.ts'
import { openEngine } from '../src/engine/client.ts'
import { LORA_TARGETS } from '../src/engine/engine.ts'
import { openTokenizer } from '../src/engine/tokenizer/tokenizer.ts'
import { loadEval } from '../src/eval/load-eval.ts'
import { createRewardFunction } from '../src/grading/reward-function.ts'
import { createLocalHost } from '../src/host/local-host.ts'
import { findEnvironment } from '../src/python/environment.ts'
import { sendRunner } from '../src/python/runner-folder.ts'
import { buildExamples } from '../src/round/training-examples.ts'
import { methodOf } from '../tests/method/method-of.ts'
import { createEmbeddedTrainer } from '../src/trainer/embedded/embedded-trainer.ts'
import type { MethodSpec } from '../src/method/method-spec.ts'
import type { Trainer } from '../src/trainer/trainer.ts'
import type { TrainingSpecInput } from '../src/trainer/training-spec.ts'
import { createTrlTrainer } from '../src/trainer/trl/trl-trainer.ts'

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    model: { type: 'string', default: fileURLToPath(new URL('../models/nano', import.meta.url)) },
    rounds: { type: 'string', default: '3' },
    'sft-steps': { type: 'string', default: '30' },
    'grpo-steps': { type: 'string', default: '10' },
    prompts: { type: 'string', default: '8' },
  },
})
const THREADS = 2
const model = resolve(options.model)
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const optimizer = { learningRate: 5e-4 }
const METHODS: Readonly<Record<string, MethodSpec>> = {
  sft: methodOf({ name: 'sft', steps: Number(options['sft-steps']), batchSize: 16, optimizer }),
  grpo: methodOf({
    name: 'grpo',
    steps: Number(options['grpo-steps']),
    promptsPerStep: Number(options.prompts),
    samplesPerPrompt: 8,
    optimizer,
  }),
}

/** Seconds. */
interface Measured {
  readonly firstStep: number
  readonly perStep: number
  readonly whole: number
}

const definition = await loadEval(refill, { origin: 'refill' })
const engine = await openEngine(model, { threads: THREADS })
const tokenizer = openTokenizer(model)
const host = createLocalHost()
const environment = await findEnvironment(host, { python: options.python })
const stopIds = engine.model.stopIds
const trainers: Readonly<Record<string, Trainer>> = {
  embedded: createEmbeddedTrainer({ engine, tokenizer }),
  trl: createTrlTrainer({
    host,
    command: {
      python: environment.python,
      packageFolder: await sendRunner(host),
      accelerate: null,
      visibleDevices: null,
      threads: THREADS,
    },
    base: { path: model, revision: null },
    device: { kind: 'cpu', threads: THREADS, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
    text: { tokenizer, stopIds, padId: stopIds[0] ?? 0 },
    options: {},
  }),
}

function specOf(method: MethodSpec, directory: string): TrainingSpecInput {
  return {
    ...{
      schemaVersion: 1,
      runId: 'bench',
      round: 'bench',
      arm: 'bench',
      base: { directory: model, hash: engine.model.hash },
      parentAdapter: null,
    },
    ...{ lora: { rank: 16, alpha: 32, targets: [...LORA_TARGETS] }, method, seeds: { initialisation: 1, order: 2, sampling: 3 } },
    examples: buildExamples({ feature: definition, earlier: [], method, seed: 2 }),
    ...{ maxNewTokens: definition.sampling.maxNewTokens, passThreshold: 1, checkpointSteps: [method.steps], directory },
  }
}

async function measure(trainer: Trainer, method: MethodSpec, directory: string): Promise<Measured> {
  const start = performance.now()
  const ends: number[] = []
  const seconds = (): number => (performance.now() - start) / 1000
  const handle = await trainer.submit(specOf(method, directory), {
    grade: createRewardFunction(definition),
    graderHash: () => 'bench',
    onProgress: ({ phase }) => (phase === 'updating' ? ends.push(seconds()) : undefined),
  })
  const outcome = await handle.artifacts()
  if (outcome.state !== 'finished') throw new Error(`the training ended as ${outcome.state}: ${JSON.stringify(outcome)}`)
  const [first = 0, last = 0] = [ends[0], ends.at(-1)]
  return { firstStep: first, perStep: (last - first) / Math.max(1, ends.length - 1), whole: seconds() }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

try {
  for (const [name, method] of Object.entries(METHODS)) {
    const found: Record<string, Measured[]> = { embedded: [], trl: [] }
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [who, trainer] of Object.entries(trainers))
        found[who]?.push(await measure(trainer, method, join(scratch, `${name}-${who}-${round}`)))
    }
    for (const figure of ['firstStep', 'perStep', 'whole'] as const) {
      const [ours, theirs] = ['embedded', 'trl'].map((who) => median((found[who] ?? []).map((one) => one[figure]))) as [number, number]
      console.log(
        `RES ${name} ${method.steps} steps, ${figure}: embedded ${ours.toFixed(3)} s, trl ${theirs.toFixed(3)} s, ratio ${(theirs / ours).toFixed(1)}`,
      )
    }
  }
} finally {
  await engine.close()
  await host.close()
  rmSync(scratch, { recursive: true, force: true })
}
