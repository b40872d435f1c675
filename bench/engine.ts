/**
 * @file Times the engine on a model, each piece of work in a process of its own, and on request the same work by transformers and TRL beside it.
 *
 *     npm run bench:engine -- --model DIR [--python PYTHON --peers DIR] [--threads 2] [--sections decode,sft,grpo]
 *
 * The directory of peers holds transformers_generate.py, trl_sft.py and trl_grpo.py, which print lines that begin with RES.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { groupAdvantages, grpoGradient } from '../src/method/grpo.ts'
import { openEngine } from '../src/engine/client.ts'
import { LORA_TARGETS } from '../src/engine/engine.ts'
import type { Engine, StepSettings, TokenSequence } from '../src/engine/engine.ts'
import { openTokenizer } from '../src/engine/tokenizer/tokenizer.ts'

const PROMPT_TOKENS = 64
const NEW_TOKENS = 64
const BATCHES = [1, 8, 32]
const SFT = { batch: 4, tokens: 256 }
const GRPO = { prompts: 4, samples: 8, newTokens: 48 }
const LORA = { rank: 16, alpha: 32, targets: LORA_TARGETS, seed: 0 }
const STEP: StepSettings = {
  optimizer: 'adamw',
  learningRate: 1e-5,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
}

/** One measured figure; `higherIsBetter` decides which way a ratio is read. */
interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly higherIsBetter: boolean
}

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: fileURLToPath(new URL('../models/nano', import.meta.url)) },
    python: { type: 'string' },
    peers: { type: 'string' },
    threads: { type: 'string', default: '2' },
    sections: { type: 'string', default: 'decode,sft,grpo' },
    only: { type: 'string' },
  },
})
const model = resolve(options.model)
const threads = Number(options.threads)

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
const best = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  let least = Infinity
  for (let i = 0; i < times; i++) least = Math.min(least, await seconds(work))
  return least
}
const pseudoIds = (row: number, count: number, vocabSize: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => 100 + ((row * 977 + i * 131) % (Math.min(40_000, vocabSize) - 100)))

/** The same model without stop tokens, so that every row is as long as it should be. */
function withoutStops(directory: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  for (const name of readdirSync(directory)) if (name !== 'generation_config.json') symlinkSync(join(directory, name), join(copy, name))
  writeFileSync(join(copy, 'generation_config.json'), '{"eos_token_id": []}')
  return copy
}

async function decode(): Promise<Figure[]> {
  const directory = withoutStops(model)
  const engine = await openEngine(directory, { threads })
  const figures: Figure[] = []
  for (const batch of BATCHES) {
    const prompts = Array.from({ length: batch }, (_, row) => ({
      ids: pseudoIds(row, PROMPT_TOKENS, engine.model.vocabSize),
      seeds: [row],
    }))
    const run = (maxNewTokens: number) => (): Promise<unknown> =>
      engine.generate({ weights: null, prompts, sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens } })
    const whole = await best(3, run(NEW_TOKENS))
    const prefill = await best(3, run(1))
    figures.push({ name: `batch ${batch} generate`, value: (batch * NEW_TOKENS) / whole, unit: 'new tok/s', higherIsBetter: true })
    figures.push({ name: `batch ${batch} prefill`, value: (batch * PROMPT_TOKENS) / prefill, unit: 'tok/s', higherIsBetter: true })
  }
  await engine.close()
  rmSync(directory, { recursive: true })
  return [...figures, peakMemory('generate')]
}

async function sft(): Promise<Figure[]> {
  const engine = await openEngine(model, { threads })
  const weights = await engine.createLora(LORA)
  const tokens = Math.min(SFT.tokens, engine.model.maxPositions)
  const sequences: TokenSequence[] = Array.from({ length: SFT.batch }, (_, row) => ({
    ids: pseudoIds(row, tokens, engine.model.vocabSize),
    promptLength: 1,
  }))
  const logProb = sequences.map(() => new Float32Array(tokens - 1).fill(-1 / (SFT.batch * (tokens - 1))))
  const step = await best(4, async () => {
    await engine.backward({ weights, sequences, gradients: { logProb } })
    await engine.step(weights, STEP)
  })
  await engine.close()
  return [{ name: `sft ${SFT.batch} x ${tokens}`, value: step, unit: 's a step', higherIsBetter: false }, peakMemory('sft')]
}

async function grpoSteps(): Promise<Figure[]> {
  const engine = await openEngine(model, { threads })
  const weights = await engine.createLora(LORA)
  let least = Infinity
  let tokenTime = Infinity
  for (let step = 0; step < 4; step++) {
    let tokens = 0
    const time = await seconds(async () => {
      tokens = await grpoStep(engine, weights, step)
    })
    least = Math.min(least, time)
    tokenTime = Math.min(tokenTime, (time / tokens) * 1000)
  }
  await engine.close()
  const name = `grpo ${GRPO.prompts} x ${GRPO.samples} x ${GRPO.newTokens}`
  return [
    { name, value: least, unit: 's a step', higherIsBetter: false },
    { name: `${name} per token`, value: tokenTime, unit: 'ms a generated token', higherIsBetter: false },
    peakMemory('grpo'),
  ]
}

/** One on-policy step; gives the number of generated tokens. */
async function grpoStep(engine: Engine, weights: string, step: number): Promise<number> {
  const tokenizer = openedTokenizer()
  const prompts = Array.from({ length: GRPO.prompts }, (_, i) => {
    const content = `Extract the date as ISO: the appointment is on March ${step * GRPO.prompts + i + 1}, 2027.`
    const { ids } = tokenizer.renderChat([{ role: 'user', content }], { addGenerationPrompt: true })
    return { ids, seeds: Array.from({ length: GRPO.samples }, (__, sample) => step * 1000 + i * 100 + sample) }
  })
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: GRPO.newTokens }
  const groups = await engine.generate({ weights, prompts, sampling })
  const rewards = groups.map((group) => group.map((one) => new Set(tokenizer.decode(one.ids)).size))
  const sequences = groups.flatMap((group, i) => {
    const prompt = prompts[i]?.ids ?? new Int32Array()
    return group.map((one) => ({ ids: Int32Array.from([...prompt, ...one.ids]), promptLength: prompt.length }))
  })
  const logProbs = groups.flat().map((one) => one.logProbs)
  const advantages = rewards.flatMap((group) => [...groupAdvantages(group)])
  const { gradients } = grpoGradient({ logProbs, oldLogProbs: logProbs, advantages })
  await engine.backward({ weights, sequences, gradients: { logProb: gradients } })
  await engine.step(weights, STEP)
  return groups.flat().reduce((sum, one) => sum + one.ids.length, 0)
}

let tokenizerOfModel: ReturnType<typeof openTokenizer> | undefined
function openedTokenizer(): ReturnType<typeof openTokenizer> {
  tokenizerOfModel ??= openTokenizer(model)
  return tokenizerOfModel
}

function peakMemory(name: string): Figure {
  return { name: `${name} peak memory`, value: process.resourceUsage().maxRSS / 1024, unit: 'MB', higherIsBetter: false }
}

/** Runs one section of this program in a process of its own. */
function measureOurs(section: string): Figure[] {
  const self = fileURLToPath(import.meta.url)
  const args = ['--import', 'tsx', self, '--model', model, '--threads', String(threads), '--only', section]
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`section ${section} failed: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout) as Figure[]
}

const PEER_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  decode: ['transformers_generate.py', model, 'float32'],
  sft: ['trl_sft.py', model, 'f32', String(SFT.batch), String(SFT.tokens), '3'],
  grpo: ['trl_grpo.py', model, String(GRPO.prompts), String(GRPO.samples), String(GRPO.newTokens), '3'],
}

/** The peer's RES lines as figures with our names. */
function measurePeer(section: string, python: string): Map<string, number> {
  const [program, ...args] = PEER_PROGRAMS[section] ?? []
  const { stdout, stderr } = spawnSync(python, [join(options.peers ?? '.', program ?? ''), ...args], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '' },
    maxBuffer: 2 ** 26,
  })
  const found = new Map<string, number>()
  const lines = stdout.split('\n').filter((line) => line.startsWith('RES'))
  if (lines.length === 0) say(`  peer printed nothing: ${stderr.trim().split('\n').at(-1)}`)
  for (const line of lines) {
    say(`  ${line}`)
    const batch = /batch (\d+): ([\d.]+) new tok\/s, prefill ([\d.]+)/.exec(line)
    if (batch) found.set(`batch ${batch[1]} generate`, Number(batch[2])).set(`batch ${batch[1]} prefill`, Number(batch[3]))
    const step = /([\d.]+) s a step/.exec(line)
    if (step) found.set('s a step', Number(step[1]))
    const peak = /peak (\d+) MB/.exec(line)
    if (peak) found.set('MB', Number(peak[1]))
  }
  return found
}

function report(figures: readonly Figure[], peer: ReadonlyMap<string, number>): void {
  for (const { name, value, unit, higherIsBetter } of figures) {
    const theirs = peer.get(name) ?? peer.get(unit)
    const ratio =
      theirs === undefined ? '' : `   ${(higherIsBetter ? value / theirs : theirs / value).toFixed(2)} x as good as the peer (${theirs})`
    say(`${name.padEnd(28)} ${value.toPrecision(4).padStart(9)} ${unit}${ratio}`)
  }
}

const SECTIONS: Readonly<Record<string, () => Promise<Figure[]>>> = { decode, sft, grpo: grpoSteps }

if (options.only !== undefined) {
  say(JSON.stringify(await SECTIONS[options.only]?.()))
} else {
  if (!existsSync(model)) throw new Error(`no model in ${model}`)
  say(`${model}, ${threads} threads`)
  for (const section of options.sections.split(',')) {
    const figures = measureOurs(section)
    report(figures, options.python === undefined ? new Map() : measurePeer(section, options.python))
  }
}
