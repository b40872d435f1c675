/**
 * @file Times a training step (gradient and optimizer) of the engine on one model, and on request the same step in PyTorch eager beside it,
 * in alternating rounds. Every measurement is a process of its own.
 *
 *     npm run bench:training -- [--model DIR] [--workloads sft,grpo,full,muon,short] [--python PYTHON] [--rounds 3] [--threads 2]
 *
 * PYTHON needs torch, transformers and peft.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openEngine } from '../src/engine/client.ts'
import { LORA_TARGETS } from '../src/engine/engine.ts'
import type { StepSettings, TokenSequence } from '../src/engine/engine.ts'

/** Sequences of one length, of which the last `completion` tokens are learned; `group` of them share what comes before. */
interface Workload {
  readonly trains: 'lora' | 'full'
  readonly optimizer: 'adamw' | 'muon'
  readonly sequences: number
  readonly tokens: number
  readonly completion: number
  readonly group: number
  readonly steps: number
}

const WORKLOADS: Readonly<Record<string, Workload>> = {
  sft: { trains: 'lora', optimizer: 'adamw', sequences: 4, tokens: 256, completion: 255, group: 1, steps: 4 },
  grpo: { trains: 'lora', optimizer: 'adamw', sequences: 32, tokens: 100, completion: 48, group: 8, steps: 3 },
  full: { trains: 'full', optimizer: 'adamw', sequences: 32, tokens: 128, completion: 127, group: 1, steps: 5 },
  muon: { trains: 'full', optimizer: 'muon', sequences: 32, tokens: 128, completion: 127, group: 1, steps: 5 },
  short: { trains: 'lora', optimizer: 'adamw', sequences: 32, tokens: 60, completion: 25, group: 8, steps: 8 },
}

interface Measurement {
  readonly stepSeconds: number
  /** Processor time of all threads, which another program on the machine disturbs less. */
  readonly cpuSeconds: number
  readonly peakMb: number
}

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: fileURLToPath(new URL('../models/nano', import.meta.url)) },
    workloads: { type: 'string', default: 'full,muon,short' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
})
const [model, threads] = [resolve(options.model), Number(options.threads)]

async function measureHere(work: Workload): Promise<Measurement> {
  const engine = await openEngine(model, { threads })
  const weights =
    work.trains === 'full' ? await engine.createFull() : await engine.createLora({ rank: 16, alpha: 32, targets: LORA_TARGETS, seed: 0 })
  const sequences: TokenSequence[] = Array.from({ length: work.sequences }, (_, row) => ({
    ids: Int32Array.from(
      { length: work.tokens },
      (__, i) =>
        100 +
        (((i < work.tokens - work.completion ? Math.floor(row / work.group) : row) * 977 + i * 131) %
          (Math.min(40_000, engine.model.vocabSize) - 100)),
    ),
    promptLength: work.tokens - work.completion,
  }))
  const logProb = sequences.map(() => new Float32Array(work.completion).fill(-1 / (work.sequences * work.completion)))
  const settings: StepSettings = {
    optimizer: work.optimizer,
    learningRate: 1e-5,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradientNorm: 1,
  }
  let [stepSeconds, cpuSeconds] = [Infinity, Infinity]
  for (let step = 0; step < work.steps; step++) {
    const [start, cpuStart] = [performance.now(), process.cpuUsage()]
    await engine.backward({ weights, sequences, gradients: { logProb } })
    await engine.step(weights, settings)
    stepSeconds = Math.min(stepSeconds, (performance.now() - start) / 1000)
    const { user, system } = process.cpuUsage(cpuStart)
    cpuSeconds = Math.min(cpuSeconds, (user + system) / 1e6)
  }
  await engine.close()
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0)
  return { stepSeconds, cpuSeconds, peakMb: Math.round(peakKb / 1024) }
}

function measureInProcess(program: string, args: readonly string[]): Measurement {
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '' }
  const { stdout, status, stderr } = spawnSync(program, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${program} failed: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measurement
}

function measureOurs(name: string): Measurement {
  const self = fileURLToPath(import.meta.url)
  return measureInProcess(process.execPath, ['--import', 'tsx', self, '--model', model, '--threads', String(threads), '--only', name])
}

function measureTorch(name: string): Measurement {
  const program = fileURLToPath(new URL('training-step-in-torch.py', import.meta.url))
  return measureInProcess(options.python as string, [program, model, String(threads), JSON.stringify(WORKLOADS[name])])
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

function report(name: string): void {
  const [ours, theirs]: [Measurement[], Measurement[]] = [[], []]
  for (let round = 0; round < Number(options.rounds); round++) {
    ours.push(measureOurs(name))
    if (options.python !== undefined) theirs.push(measureTorch(name))
  }
  const { trains, optimizer, sequences, tokens, completion } = WORKLOADS[name] as Workload
  const describeSide = (side: readonly Measurement[]): string => {
    const seconds = median(side.map((one) => one.stepSeconds))
    const cpu = median(side.map((one) => one.cpuSeconds))
    const peakMb = Math.max(...side.map((one) => one.peakMb))
    return `${seconds.toFixed(3)} s a step (${cpu.toFixed(3)} s CPU), ${((sequences * tokens) / seconds).toFixed(0)} tok/s, peak ${peakMb} MB`
  }
  say(`${name} (${trains}, ${optimizer}, ${sequences} x ${tokens}, ${completion} learned): ${describeSide(ours)}`)
  if (theirs.length === 0) return
  const ratios = theirs.map((one, i) => one.stepSeconds / (ours[i] as Measurement).stepSeconds)
  const cpuRatio = median(theirs.map((one, i) => one.cpuSeconds / (ours[i] as Measurement).cpuSeconds))
  say(`  PyTorch eager: ${describeSide(theirs)}`)
  const rounds = ratios.map((value) => value.toFixed(2)).join(', ')
  say(`  ${median(ratios).toFixed(2)} x as fast (rounds: ${rounds}; by CPU time ${cpuRatio.toFixed(2)} x)`)
}

if (options.only !== undefined) {
  say(JSON.stringify(await measureHere(WORKLOADS[options.only] as Workload)))
} else {
  say(`${model}, ${threads} threads`)
  for (const name of options.workloads.split(',')) report(name)
}
