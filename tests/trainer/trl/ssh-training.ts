/**
 * @file Trainings of the bundled model on a machine behind ssh, as tests and the processes that they kill submit them. Run as a program it submits the spec
 * of its argument and hangs at a batch of rewards, as a process does that is about to be killed.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeWeights } from '../../../src/engine/checkpoint/describe-weights.ts'
import { openTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import type { Host } from '../../../src/host/host.ts'
import { createSshHost } from '../../../src/host/ssh/ssh-host.ts'
import { sendFolder } from '../../../src/python/send-folder.ts'
import { sendRunner } from '../../../src/python/runner-folder.ts'
import { methodSchema } from '../../../src/method/method-spec.ts'
import type { RewardFunction } from '../../../src/grading/reward-function.ts'
import type { Trainer } from '../../../src/trainer/trainer.ts'
import type { TrainingSpec } from '../../../src/trainer/training-spec.ts'
import { createTrlTrainer } from '../../../src/trainer/trl/trl-trainer.ts'

const BUNDLED = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const optimizer = { learningRate: 0.01, warmUpSteps: 0 }
export const SFT = { name: 'sft', steps: 6, batchSize: 4, optimizer }
export const GRPO = { name: 'grpo', steps: 6, promptsPerStep: 4, samplesPerPrompt: 4, optimizer }
/** Completions that are rewarded in one step of GRPO. */
export const BATCH = 16

/** A trl trainer on a host; the runner and the model are brought there. */
export async function trainerOn(host: Host, python: string): Promise<Trainer> {
  const command = { python, packageFolder: await sendRunner(host), accelerate: null, visibleDevices: null, threads: 1 }
  const { hash, stopIds } = await describeWeights(BUNDLED)
  const path = await sendFolder(host, BUNDLED, { kind: 'models', hash })
  return createTrlTrainer({
    host,
    command,
    base: { path, revision: null },
    device: { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
    text: { tokenizer: openTokenizer(BUNDLED), stopIds, padId: 0 },
    options: {},
  })
}

/** A spec over eight cases with a checkpoint half way. */
export function specOf(directory: string, settings: object): TrainingSpec {
  const method = methodSchema.parse(settings)
  const cases = Array.from({ length: 8 }, (_, index) => ({
    caseId: `case-${index}`,
    eval: '',
    messages: [{ role: 'user' as const, content: `say ${index}` }],
  }))
  const isSft = method.name === 'sft'
  return {
    ...{ schemaVersion: 1, runId: 'over ssh', round: 'r1', arm: method.name, start: 'continue', parentAdapter: null, replayed: {} },
    base: { directory: BUNDLED, hash: 'nano' },
    lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] },
    method,
    seeds: { initialisation: 1, order: 2, sampling: 3 },
    examples: cases.map((one) => (isSft ? { type: 'demonstration', ...one, completion: 'see the tree' } : { type: 'prompt', ...one })),
    ...{ watched: [], maxNewTokens: 6, passThreshold: 0.05, checkpointSteps: [3], directory },
  }
}

/** More for text with an "e". */
export const rewardLetter: RewardFunction = (requests) =>
  Promise.resolve(requests.map(({ completion: { text } }) => (text.split('e').length - 1) / Math.max(1, text.length)))

/** What the program is told. */
export interface HangingSubmit {
  readonly spec: TrainingSpec
  readonly python: string
  readonly sshOptions: readonly string[]
  /** How many rewards are given before it hangs. */
  readonly rewards: number
}

async function hang({ spec, python, sshOptions, rewards }: HangingSubmit): Promise<void> {
  const trainer = await trainerOn(createSshHost('ssh://box', { sshOptions }), python)
  let given = 0
  const handle = await trainer.submit(spec, {
    graderHash: () => 'letter',
    grade: (requests) => {
      given += requests.length
      if (given <= rewards) return rewardLetter(requests)
      process.stdout.write('hanging\n')
      return new Promise(() => {})
    },
  })
  for await (const event of handle.events()) process.stdout.write(`${JSON.stringify(event)}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await hang(JSON.parse(readFileSync(0, 'utf8')) as HangingSubmit)
