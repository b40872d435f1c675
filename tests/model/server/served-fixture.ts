/**
 * @file A small base and two trained adapters with canaries, measured by the embedded engine, and how Holdfast's server is started on them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { openTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import type { Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { createLocalHost } from '../../../src/host/local-host.ts'
import type { Host } from '../../../src/host/host.ts'
import type { CanaryRecord } from '../../../src/model/server/canary.ts'
import type { ServerOptions } from '../../../src/model/server/managed-server.ts'
import { writeTinyModel } from '../tiny-model.ts'

export const RUNNER_FOLDER = fileURLToPath(new URL('../../../src/python/runner/', import.meta.url))

const STEP = {
  optimizer: 'adamw',
  learningRate: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 0,
} as const
const TARGETS = ['q_proj', 'v_proj', 'down_proj'] as const
const CANARY = { ids: [1, 40, 300, 12, 77, 500, 9, 33], promptLength: 3 }

export interface TrainedAdapter {
  readonly directory: string
  readonly weights: string
  readonly hash: string
  readonly canary: CanaryRecord
}

export interface ServedFixture {
  readonly directory: string
  readonly base: string
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly adapters: readonly [TrainedAdapter, TrainedAdapter]
  readonly host: Host
  /** Options that start the server in a folder of its own. */
  serverOptions(python: string, name: string): ServerOptions
  close(): Promise<void>
}

/** Everything lies in a folder that `close` removes. */
export async function makeServedFixture(): Promise<ServedFixture> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-served-'))
  const base = join(directory, 'base')
  writeTinyModel(base)
  const engine = await openEngine(base, { threads: 1 })
  const host = createLocalHost()
  return {
    directory,
    base,
    engine,
    tokenizer: openTokenizer(base),
    adapters: [await trainAdapter(engine, directory, 1), await trainAdapter(engine, directory, 2)],
    host,
    serverOptions: (python, name) => ({
      host,
      directory: join(directory, name),
      env: { PYTHONPATH: RUNNER_FOLDER },
      retries: 2,
      launch: {
        kind: 'runner',
        command: [python, '-m', 'holdfast_runner.serve'],
        base: { path: base, revision: null },
        name: 'base',
        stopIds: engine.model.stopIds,
        padId: 0,
        device: { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
      },
    }),
    close: async () => {
      await host.close()
      await engine.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function trainAdapter(engine: Engine, root: string, seed: number): Promise<TrainedAdapter> {
  const directory = join(root, `adapter-${seed}`)
  const weights = await engine.createLora({ rank: 4, alpha: 8, targets: TARGETS, seed })
  const ids = Int32Array.from({ length: 12 }, (_, i) => 5 + ((i * 37 * seed) % 900))
  for (let step = 0; step < 3; step++) {
    await engine.backward({ weights, sequences: [{ ids, promptLength: 2 }], gradients: { logProb: [new Float32Array(10).fill(-0.1)] } })
    await engine.step(weights, STEP)
  }
  await engine.saveAdapter(weights, directory)
  const canary = await measureCanary(engine, weights)
  writeFileSync(join(directory, 'canary.json'), JSON.stringify(canary))
  return { directory, weights, hash: String(seed).repeat(64), canary }
}

async function measureCanary(engine: Engine, weights: string): Promise<CanaryRecord> {
  const sequences = [{ ids: Int32Array.from(CANARY.ids), promptLength: CANARY.promptLength }]
  const under = async (which: string | null): Promise<number[]> => [
    ...((await engine.score({ weights: which, sequences, outputs: ['logProb'] })).logProb?.[0] ?? []),
  ]
  return { ...CANARY, logProbs: await under(weights), baseLogProbs: await under(null), precision: 'f32' }
}
