/** @file Trainings of the real runner on a tiny Llama: their specs, their process, and what they leave on disk. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { rolloutSchema, trainingEventSchema, type Rollout, type TrainingEvent } from '../../../src/trainer/training-event.ts'
import { drawsSamples, stageSchema, usesEqualRewards } from '../../../src/method/method-spec.ts'
import {
  canaryRecordSchema,
  runnerExitSchema,
  runnerProgressSchema,
  runnerSpecSchema,
  type CanaryRecord,
  type GraderAddress,
  type RunnerExample,
  type RunnerExit,
  type RunnerSpec,
} from '../../../src/trainer/trl/protocol.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
export const BASE = path('../../engine/fixtures/llama-tied')
export const PARENT = path('../../engine/fixtures/llama-tied/adapter')
export const STOP = 2

/** A stage as a suite would write it, with the order of its batches. */
export interface StageInput {
  readonly method: Readonly<Record<string, unknown>>
  readonly order: readonly number[] | null
}

/** One stage; 4 steps at a rate that moves the tiny model unless it says otherwise. */
export function stage(name: string, settings: Readonly<Record<string, unknown>>, order: readonly number[] | null): StageInput {
  const optimizer = { learningRate: 0.01, schedule: 'constant', warmUpSteps: 0 }
  return { method: { name, steps: 4, optimizer, ...settings }, order }
}

/** An example of the tiny model's 48 tokens; its case is named by its number. */
export function example(type: RunnerExample['type'], index: number, answers: Partial<RunnerExample> = {}): RunnerExample {
  const promptIds = [1, 4 + (index % 20), 5 + (index % 7), 9]
  const none = { completionIds: null, chosenIds: null, rejectedIds: null, thumb: null }
  return { type, eval: '', caseId: `case-${index}`, promptIds, ...none, ...answers }
}

export const prompts = (count: number): RunnerExample[] => Array.from({ length: count }, (_, index) => example('prompt', index))
export const demonstrations = (count: number): RunnerExample[] =>
  Array.from({ length: count }, (_, index) => example('demonstration', index, { completionIds: [10 + index, 20, STOP].slice(index % 2) }))

export interface TrainingPaths {
  readonly directory: string
  readonly spec: string
}

/** A folder of trainings that is removed at the end. */
export class Trainings {
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-runner-'))

  /** Writes a training's spec; `changes` may break it. */
  write(name: string, stages: readonly StageInput[], changes: Partial<RunnerSpec> = {}): TrainingPaths {
    const directory = join(this.root, name)
    mkdirSync(directory, { recursive: true })
    const spec = { ...plainSpec(stages, directory), ...changes }
    writeFileSync(join(directory, 'runner.json'), JSON.stringify(spec))
    return { directory, spec: join(directory, 'runner.json') }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

function plainSpec(stages: readonly StageInput[], directory: string): RunnerSpec {
  let firstStep = 0
  const written = stages.map(({ method, order }) => {
    const parsed = stageSchema.parse(method)
    const learningRates = Array.from({ length: parsed.steps }, (_, step) => parsed.optimizer.learningRate * (1 - step / 16))
    const flags = { drawsSamples: drawsSamples(parsed), usesEqualRewards: usesEqualRewards(parsed) }
    const one = {
      method: parsed,
      firstStep,
      learningRates,
      optimizer: parsed.optimizer,
      order: order === null ? null : [...order],
      ...flags,
    }
    firstStep += parsed.steps
    return one
  })
  return runnerSpecSchema.parse({
    ...{ schemaVersion: 1, runId: 'run', round: 'round', arm: 'arm', parentAdapter: null, start: 'continue', replayed: {} },
    base: { path: BASE, revision: null },
    lora: { rank: 4, alpha: 8, targets: ['v_proj', 'q_proj', 'up_proj'] },
    seeds: { initialisation: 1, order: 2, sampling: 3 },
    stages: written,
    examples: prompts(5),
    watched: [],
    ...{ stopIds: [STOP], padId: 0, maxNewTokens: 8, passThreshold: 0.5, checkpointSteps: [2, firstStep] },
    canary: { ids: [1, 5, 6, 7, 8, 9], promptLength: 2 },
    directory,
    device: { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
    rewards: { errorShare: 0.1, errorMinimum: 50, patienceMs: 20_000 },
  })
}

export function pointAt(address: GraderAddress, ...trainings: readonly TrainingPaths[]): void {
  for (const { directory } of trainings) writeFileSync(join(directory, 'grader.json'), JSON.stringify(address))
}

export interface RunnerRun {
  readonly process: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** Starts the runner on specs, one after another in one process: importing TRL takes seconds. */
export function startRunner(python: string, command: 'train' | 'check', trainings: readonly TrainingPaths[], attached = false): RunnerRun {
  const env = { ...process.env, PYTHONPATH: path('../../../src/python/runner'), PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1' }
  const child = spawn(python, ['-m', 'holdfast_runner', command, ...trainings.map(({ spec }) => spec)], {
    env: attached ? { ...env, HOLDFAST_ATTACHED: '1' } : env,
    stdio: [attached ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (chunk: Buffer) => (text[name] += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }))
  return { process: child, ended }
}

/** What a training left, every line checked against its schema. */
export interface Left {
  readonly events: readonly TrainingEvent[]
  readonly steps: readonly Extract<TrainingEvent, { type: 'step' }>[]
  readonly rollouts: readonly Rollout[]
  readonly exit: RunnerExit | null
}

export function readTraining({ directory }: TrainingPaths): Left {
  const events = readLines(join(directory, 'events.jsonl'), trainingEventSchema)
  readLines(join(directory, 'progress.jsonl'), runnerProgressSchema)
  const exit = join(directory, 'exit.json')
  return {
    events,
    steps: events.filter((event) => event.type === 'step'),
    rollouts: readLines(join(directory, 'rollouts.jsonl'), rolloutSchema),
    exit: existsSync(exit) ? runnerExitSchema.parse(JSON.parse(readFileSync(exit, 'utf8'))) : null,
  }
}

export function readCanary({ directory }: TrainingPaths, step: number): CanaryRecord {
  return canaryRecordSchema.parse(JSON.parse(readFileSync(join(directory, 'checkpoints', String(step), 'canary.json'), 'utf8')))
}

/** The bytes of everything that must be the same however often a training was interrupted. */
export function readBytes({ directory }: TrainingPaths, step: number): Record<string, string> {
  const names = ['events.jsonl', 'rollouts.jsonl', 'exit.json']
  const adapter = ['adapter_model.safetensors', 'adapter_config.json', 'canary.json'].map((name) => join('checkpoints', String(step), name))
  return Object.fromEntries([...names, ...adapter].map((name) => [name, readFileSync(join(directory, name)).toString('base64')]))
}

function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => schema.parse(JSON.parse(line)))
}
