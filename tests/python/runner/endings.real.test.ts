/**
 * @file Trainings that cannot go on: each ends with a code, what happened, and what mends it.
 */
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunnerSpec } from '../../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../trainer-python.ts'
import {
  BASE,
  demonstrations,
  example,
  PARENT,
  pointAt,
  readTraining,
  stage,
  startRunner,
  STOP,
  Trainings,
  type StageInput,
  type TrainingPaths,
} from './runner-fixture.ts'
import { evenShare, startTestGraders, type Behaviour, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()

interface Ending {
  readonly stage: StageInput
  readonly changes?: Partial<RunnerSpec>
  readonly graders?: Behaviour
  /** Changes the text of the spec where no spec of ours could say it. */
  readonly edit?: (text: string) => string
  readonly step?: number
  readonly ends: readonly [code: string, summary: unknown, fix: string]
}

const ONLINE = { promptsPerStep: 2, samplesPerPrompt: 4, steps: 8 }
const ORDER = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0]
const GRPO = stage('grpo', ONLINE, ORDER)
const SFT = stage('sft', { batchSize: 1 }, [0, 1, 2, 3])
const DEMONSTRATIONS = { examples: demonstrations(4) }
const CUDA = { kind: 'cuda', threads: null, precision: 'bf16', gradientCheckpointing: false, microBatchSize: null, vllm: false } as const
const MEND = 'mend the graders (rewards.jsonl says why each one failed) and start the run again'
const NO_STOP = 60

const ENDINGS: Readonly<Record<string, (root: string) => Ending>> = {
  'completions of one reward': () => ({
    stage: GRPO,
    graders: { reward: () => 0.3 },
    step: 4,
    ends: [
      'NO_VARIANCE',
      "in the first 5 batches every prompt's completions all had the same reward, so nothing is learned from them",
      'use an instanceFilter, a higher temperature, more samplesPerPrompt, or sft before it so that some completions pass',
    ],
  }),
  'completions that are all cut': () => ({
    stage: GRPO,
    changes: { stopIds: [NO_STOP] },
    graders: {},
    step: 2,
    ends: [
      'ALL_TRUNCATED',
      'every completion of the first 3 batches was cut at the length limit',
      'raise maxNewTokens, or teach the model to end its answers with sft first',
    ],
  }),
  'samples that all fail': () => ({
    stage: stage('raft', { batchSize: 2, epochs: 1, promptsPerEpoch: 3, samplesPerPrompt: 2 }, null),
    graders: { reward: () => 0 },
    ends: [
      'NOTHING_LEARNABLE',
      'none of 6 samples of 3 prompts passed',
      'draw more samplesPerPrompt, lower the pass threshold, or put sft before raft in a chain',
    ],
  }),
  'a filter that keeps nothing': () => ({
    stage: stage('grpo', { ...ONLINE, instanceFilter: { samples: 2, keep: 'mixed' } }, ORDER),
    graders: { reward: () => 1 },
    ends: [
      'NOTHING_LEARNABLE',
      'the instance filter left out all 5 prompts: none was solved by some samples and not by others among 2',
      'put sft before it in a chain, draw more samples, or leave the filter out',
    ],
  }),
  'samples that all tie': () => ({
    stage: stage('dpo', { from: 'samples', batchSize: 2, samplesPerPrompt: 2 }, null),
    graders: { reward: () => 1 },
    ends: [
      'NO_PAIRS',
      'no prompt has two samples of different reward, so there is no pair to learn from',
      'draw more samplesPerPrompt at a higher temperature, or put sft before it in a chain',
    ],
  }),
  'no pairs': () => ({
    stage: stage('dpo', { batchSize: 1 }, []),
    ends: [
      'NO_PAIRS',
      'dpo has no example of type pair to learn from',
      "give cases chosen and rejected answers, or let it draw pairs: from 'samples'",
    ],
  }),
  'no labels': () => ({
    stage: stage('kto', { batchSize: 2 }, []),
    changes: { examples: [example('pair', 0, { chosenIds: [10, STOP], rejectedIds: [11, STOP] })] },
    ends: ['NO_LABELS', 'kto has no example of type thumb to learn from', "give cases a thumb, or let it draw answers: from 'samples'"],
  }),
  'no demonstrations': () => ({
    stage: stage('sft', { batchSize: 1 }, []),
    ends: [
      'TOO_FEW_EXAMPLES',
      'sft has no example of type demonstration to learn from',
      'give the eval train cases that make a demonstration',
    ],
  }),
  'no reward at all': () => ({
    stage: GRPO,
    graders: { reward: () => null },
    ends: ['REWARDS_MISSING', 'none of the 8 completions of step 1 could be graded', `${MEND}: it goes on from its last checkpoint`],
  }),
  'no reward before the stage': () => ({
    stage: stage('kto', { from: 'samples', batchSize: 2, samplesPerPrompt: 2 }, null),
    graders: { reward: () => null },
    ends: ['REWARDS_MISSING', 'none of the 10 completions drawn before the stage could be graded', MEND],
  }),
  'too many rewards missing': () => ({
    stage: GRPO,
    changes: { rewards: { errorShare: 0.1, errorMinimum: 6, patienceMs: 1000 } },
    graders: { reward: (item, { step }) => (step > 1 && item.index % 2 === 0 ? null : evenShare(item)) },
    step: 2,
    ends: ['REWARD_ERRORS', '8 of 24 completions could not be graded', `${MEND}: it goes on from its last checkpoint`],
  }),
  'weights that are not numbers': (root) => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, base: { path: brokenBase(root), revision: null } },
    ends: [
      'LOSS_NOT_FINITE',
      'step 1 has loss nan and gradient norm nan',
      'lower the learning rate, set maxGradientNorm, or use precision f32; the last checkpoint is sound',
    ],
  }),
  'nothing but prompts': () => ({
    stage: stage('sft', { batchSize: 1, steps: 6 }, [0, 1, 2, 3, 0, 1]),
    changes: { examples: demonstrations(4).map((one) => ({ ...one, completionIds: [] })) },
    step: 4,
    ends: [
      'ZERO_GRADIENT',
      'the gradient was exactly 0 in 5 steps up to step 5, though there was something to learn',
      'look at the loss in events.jsonl: a clip range, maskTruncated or a TRL option leaves every token out',
    ],
  }),
  'no CUDA device': () => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, device: CUDA },
    ends: [
      'CUDA_MISSING',
      'the spec asks for a CUDA device and torch sees none',
      "run holdfast doctor, which says whether the driver or torch's build is the reason, or use device cpu",
    ],
  }),
  'no base': () => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, base: { path: '/no/such/folder', revision: 'main' } },
    ends: [
      'RUNNER_CRASHED',
      expect.stringContaining('/no/such/folder') as unknown,
      'read the traceback at the end of runner.log; calling the training again goes on from its last checkpoint',
    ],
  }),
  'a field of another type': () => ({
    stage: SFT,
    edit: (text) => text.replace('"padId":0', '"padId":"0"'),
    ends: ['SPEC_INVALID', 'padId: Input should be a valid integer', 'use a Holdfast and a runner of the same version'],
  }),
  'an order of another length': () => ({
    stage: stage('sft', { batchSize: 1 }, [0, 1, 2]),
    changes: DEMONSTRATIONS,
    ends: ['SPEC_INVALID', '3 examples in order for 4 steps of 1', 'give steps times batch'],
  }),
  muon: () => ({
    stage: stage('sft', { batchSize: 1, optimizer: { name: 'muon', learningRate: 0.1 } }, [0, 1, 2, 3]),
    ends: ['METHOD_REFUSED', "the runner has no optimizer 'muon'", 'use adamw, or the embedded trainer'],
  }),
  ppo: () => ({
    stage: SFT,
    edit: (text) => text.replace('"name":"sft"', '"name":"ppo"'),
    ends: [
      'METHOD_REFUSED',
      'ppo is not in TRL any more: its PPOTrainer was removed in 2026',
      'use grpo or rloo, which need no value model',
    ],
  }),
  '4-bit weights on the CPU': () => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, device: { ...CUDA, kind: 'cpu', precision: '4bit' } },
    ends: ['DEVICE_REFUSED', '4-bit weights and vLLM need a CUDA device', 'on the CPU use precision f32 or bf16 without vllm'],
  }),
  'a merged parent in 4-bit weights': () => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, device: { ...CUDA, precision: '4bit' }, start: 'merge' },
    ends: ['DEVICE_REFUSED', 'an adapter merged into 4-bit weights is rounded to them', "use start 'continue', or precision bf16"],
  }),
  'a merged parent that cannot be joined': (root) => ({
    stage: SFT,
    changes: { ...DEMONSTRATIONS, parentAdapter: patternedParent(root), start: 'merge' },
    ends: [
      'PARENT_REFUSED',
      'a parent adapter with rank_pattern cannot be joined with a new one',
      "use start 'continue', or merge the adapter into the base by hand and give that base",
    ],
  }),
  'a merged parent as base': () => ({
    stage: stage('rloo', { ...ONLINE, reference: 'base' }, ORDER),
    changes: { parentAdapter: '/parent', start: 'merge' },
    ends: [
      'METHOD_REFUSED',
      'rloo cannot measure from the base once the parent is merged into it',
      "use reference 'parent', or start 'continue'",
    ],
  }),
}

describe.skipIf(python === null)('the runner’s endings', () => {
  const trainings = new Trainings()
  const open: TestGraders[] = []
  const endings = new Map(Object.entries(ENDINGS).map(([name, make]) => [name, make(trainings.root)]))
  const written = new Map<string, TrainingPaths>()
  let code: number | null

  beforeAll(async () => {
    for (const [name, ending] of endings) {
      const training = trainings.write(name, [ending.stage], ending.changes ?? {})
      if (ending.edit !== undefined) writeFileSync(training.spec, ending.edit(readFileSync(training.spec, 'utf8')))
      written.set(name, training)
      if (ending.graders === undefined) continue
      const graders = await startTestGraders(ending.graders)
      open.push(graders)
      pointAt(graders.address, training)
    }
    code = (await startRunner(python ?? '', 'train', [...written.values()]).ended).code
  })
  afterAll(async () => {
    for (const graders of open) await graders.close()
    trainings.remove()
  })

  test.for(Object.keys(ENDINGS))('train() of %s writes why it failed', (name) => {
    expect(code).toBe(1)
    const { exit, events } = readTraining(written.get(name) as TrainingPaths)
    const { ends, step = 0 } = endings.get(name) as Ending
    expect(exit).toEqual({ schemaVersion: 1, state: 'failed', step, code: ends[0], summary: ends[1], fix: ends[2] })
    expect(events.some(({ type }) => type === 'finished')).toBe(false)
  })
})

describe.skipIf(python === null)('parts of the runner', () => {
  interface Probe {
    readonly mirror: { readonly loss: number; readonly gradient: readonly number[]; readonly differences: readonly number[] }
    readonly failures: Readonly<Record<'frozen' | 'memory', string>>
    readonly checks: Readonly<Record<'right' | 'truncated' | 'prompt learned', unknown>>
  }
  let probe: Probe

  beforeAll(async () => {
    const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
    const env = { ...process.env, PYTHONPATH: path('../../../src/python/runner'), HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' }
    const { stdout } = await promisify(execFile)(python ?? '', [path('runner_probe.py'), BASE], { env })
    probe = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Probe
  })

  test('mirror_descent_loss() is the weighted ratio and the divergence from the sampling policy, with its own gradient', () => {
    const [ratios, advantages, gamma] = [[0, 0.3, -0.5, 1.2].map(Math.exp), [1, -0.5, 0.25, 2], 0.7]
    const terms = ratios.map((r, i) => -r * (advantages[i] ?? 0) + gamma * (r * Math.log(r) - r + 1))
    expect(probe.mirror.loss).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 12)
    for (const [index, slope] of probe.mirror.gradient.entries())
      expect(slope).toBeCloseTo(probe.mirror.differences[index] ?? Number.NaN, 6)
  })

  test('refuse_untrainable() and described() say what mends a frozen adapter and a full device', () => {
    expect(probe.failures).toEqual({
      frozen:
        'NO_TRAINABLE_TENSORS|the adapter has no tensor that takes a gradient|' +
        "check lora.targets against the base's layers, and that the parent is a LoRA adapter",
      memory:
        'OUT_OF_MEMORY|the device ran out of memory: Tried to allocate 2 GiB.|' +
        "set a smaller microBatchSize, fewer samplesPerPrompt or maxNewTokens, gradientCheckpointing, or precision '4bit'",
    })
  })

  test('ExactTokens refuses a sequence that the step does not have: cut, or with its prompt learned', () => {
    const fix = "use the runner's pinned packages (holdfast trainer setup) and no TRL option that changes sequences"
    expect(probe.checks).toEqual({
      right: 1,
      truncated: `TOKENS_DIFFER|the trainer learns 1 tokens after 2 that no example of this step has: [1, 5] then [7]|${fix}`,
      'prompt learned': `TOKENS_DIFFER|the trainer learns 3 tokens after 1 that no example of this step has: [1] then [5, 7, 2]|${fix}`,
    })
  })
})

/** The fixture's adapter, claiming that its layers have ranks of their own. */
function patternedParent(root: string): string {
  const folder = join(root, 'patterned')
  cpSync(PARENT, folder, { recursive: true })
  const file = join(folder, 'adapter_config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...config, rank_pattern: { q_proj: 4 } }))
  return folder
}

/** The tiny model with weights that are not numbers. */
function brokenBase(root: string): string {
  const folder = join(root, 'broken')
  cpSync(BASE, folder, { recursive: true })
  const file = join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  bytes.fill(0xff, 8 + Number(bytes.readBigUInt64LE(0)))
  writeFileSync(file, bytes)
  return folder
}
