import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatDryRun } from '../../src/cli/format-dry-run.ts'
import { dryRun } from '../../src/round/dry-run/dry-run.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { driverOf } from '../../src/trainer/drivers.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { trlEstimate } from '../../src/trainer/trl/estimate/estimate.ts'
import { openEstimateBase } from '../../src/estimate/estimate-base.ts'
import { TINY_ARMS, tinyEval, tinySuite } from '../round/tiny-suite.ts'
import { LLAMA_8B_CONFIG } from '../estimate/figures.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-dry-run-'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify(LLAMA_8B_CONFIG))
})

afterAll(() => rmSync(folder, { recursive: true }))

const HOT = { name: 'sft-hot', role: 'control', method: { name: 'sft', steps: 6, batchSize: 8, learningRate: 1 } } as const

async function text(options: Partial<SuiteOptions>, memoryBytes: number | null = 24 * 2 ** 30): Promise<string> {
  const definition = tinySuite(folder, { arms: [...TINY_ARMS, HOT], ...options })
  const suite = await checkSuite(definition, 'tiny.suite.ts')
  const card = { kind: 'cuda', precision: 'bf16', name: 'RTX 4090', memoryBytes } as const
  const estimate = options.trainer === undefined ? await driverOf(suite.trainer).estimate(suite.trainer, null) : trlEstimate({}, card)
  const run = dryRun(suite, { definition, base: await openEstimateBase(suite.base), estimate })
  return formatDryRun({ ...run, base: 'models/eight-billion' })
}

test('formatDryRun() prints rounds, tokens, GPU time and memory for a card', async () => {
  expect(await text({ trainer: trl() })).toMatchInlineSnapshot(`
    "Dry run of suite "tiny": nothing is trained, graded or written, and every figure is an estimate
    base     models/eight-billion (8.0 B parameters)
    trainer  trl on RTX 4090 with 24.0 GB, bf16

    round      arm   method   steps  new tokens  trained  training  grading   memory
    base             grading                  -        -         -      1 s        -
    01-first   sft   sft          6           -      336     < 1 s      1 s  15.7 GB
               raft  raft         6         192      336     < 1 s      1 s  15.9 GB
               grpo  grpo         6         288      672       1 s      1 s  15.8 GB
    02-second  sft   sft          6           -      336     < 1 s      1 s  15.7 GB
               raft  raft         6         192      336     < 1 s      1 s  15.9 GB
               grpo  grpo         6         288      672       1 s      1 s  15.8 GB

    GPU time    13 s, at most 28 s when every completion runs to its limit
    of it       training 4 s to 7 s, grading 9 s to 20 s
    tokens      2.7 k to 4.1 k trained, 960 to 2.6 k sampled, 6.8 k to 18 k in answers
    answers     320 sampled for training, 2.3 k graded

    left out    sft-hot, a control: name it with --arms, or write controls: true in trl({ … })

    assumed
    - tokens as characters divided by 4: the model has no tokenizer.json
    - completions expected as long as written answers, half of the limit where there are none or the
      model thinks; "at most" is the limit
    - every feature accepted in its round; starting, loading and saving not counted
    - RTX 4090: training and prompts at 35 % of 165 TFLOP/s, decoding at 50 % of 1008 GB/s and no less
      than 1 ms a layer and step; not measured"
  `)
})

test('formatDryRun() prints CPU time and no memory for the embedded trainer', async () => {
  expect(await text({ features: [tinyEval('first')], gate: { margin: 0.1 } })).toMatchInlineSnapshot(`
    "Dry run of suite "tiny": nothing is trained, graded or written, and every figure is an estimate
    base     models/eight-billion (8.0 B parameters)
    trainer  embedded on cpu, f32

    round     arm      method   steps  new tokens  trained  training  grading  memory
    base               grading                  -        -         -    2 min       -
    01-first  sft      sft          6           -      336      38 s    3 min       -
              raft     raft         6         192      336      67 s    3 min       -
              grpo     grpo         6         288      672     2 min    3 min       -
              sft-hot  sft          6           -      336      38 s    3 min       -

    CPU time    17 min, at most 34 min when every completion runs to its limit
    of it       training 4 min to 8 min, grading 13 min to 27 min
    tokens      1.7 k to 2.4 k trained, 480 to 1.3 k sampled, 3.7 k to 9.9 k in answers
    answers     160 sampled for training, 1.2 k graded

    warning  GATE_TOO_SMALL  Eval "first" has 60 gate cases, a 10-point margin needs about 120 at the declared 10 % flips for 85 % of harmless rounds to be ACCEPTED (2 comparisons must all pass)
      where  tiny.suite.ts
      fix    add gate cases, or widen the margin of this eval (60 cases support about 15 points)
    warning  GATE_TOO_SMALL  Eval "old-one" has 60 gate cases, a 10-point margin needs about 120 at the declared 10 % flips for 85 % of harmless rounds to be ACCEPTED (2 comparisons must all pass)
      where  tiny.suite.ts
      fix    add gate cases, or widen the margin of this eval (60 cases support about 15 points)
    warning  GATE_TOO_SMALL  Eval "old-two" has 60 gate cases, a 10-point margin needs about 120 at the declared 10 % flips for 85 % of harmless rounds to be ACCEPTED (2 comparisons must all pass)
      where  tiny.suite.ts
      fix    add gate cases, or widen the margin of this eval (60 cases support about 15 points)
    warning  DEV_TOO_SMALL  Eval "old-one" has 8 dev cases to choose checkpoints by: 19 % of checkpoints that lost nothing look by chance as if they had lost more than its 10-point margin
      where  tiny.suite.ts
      fix    add dev cases, and devCases where it says fewer (about 17 make it 10 %)
    warning  DEV_TOO_SMALL  Eval "old-two" has 8 dev cases to choose checkpoints by: 19 % of checkpoints that lost nothing look by chance as if they had lost more than its 10-point margin
      where  tiny.suite.ts
      fix    add dev cases, and devCases where it says fewer (about 17 make it 10 %)

    assumed
    - tokens as characters divided by 4: the model has no tokenizer.json
    - completions expected as long as written answers, half of the limit where there are none or the
      model thinks; "at most" is the limit
    - every feature accepted in its round; starting, loading and saving not counted
    - cpu: as two cores of an AMD EPYC did SmolLM2-135M with the embedded trainer, scaled by parameters"
  `)
})

test('formatDryRun() marks what does not fit and prints the refusal', async () => {
  const found = await text({ trainer: trl(), features: [tinyEval('first')] }, 12 * 2 ** 30)
  expect(found).toMatch(/^01-first {2}sft .* GB !$/m)
  expect(found).toMatch(/^MEMORY_TOO_SMALL .*\n {2}where .*\n {2}fix {4}write precision: '4bit' in trl/m)
})

test('formatDryRun() stays within 100 columns, whatever names a suite has', async () => {
  const long = 'a-feature-with-a-very-long-name-that-somebody-chose-on-a-friday'
  const arms = [{ ...TINY_ARMS[2], name: 'an-arm-with-a-very-long-name', role: 'candidate' }] as SuiteOptions['arms']
  const found = await text({ trainer: trl(), features: [tinyEval(long)], arms })
  expect(found).toContain('01-a-feature-with-a…  an-arm-wi…  grpo')
  expect(Math.max(...found.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
})
