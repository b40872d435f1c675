import { describe, expect, it } from 'vitest'
import { refuseLongExamples, type MeasuringBase } from '../../src/round/refuse-long-examples.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { checkSmall, smallEval } from '../suite/small-suite.ts'

/** One token a character. */
const base = (maxPositions: number | null, isCounted = true): MeasuringBase => ({
  counter: { prompt: (messages) => messages.reduce((sum, { content }) => sum + content.length, 0), answer: (text) => text.length + 1 },
  isCounted,
  maxPositions,
})

const SAMPLED = { steps: 2, promptsPerStep: 2, samplesPerPrompt: 2, learningRate: 0.001 }
const METHODS: readonly (readonly [string, Record<string, unknown>, number])[] = [
  ['sft', { name: 'sft', steps: 2, batchSize: 2, learningRate: 0.001 }, 17 + 31],
  ['grpo', { name: 'grpo', ...SAMPLED }, 17 + 64],
  ['dpo', { name: 'dpo', from: 'people', steps: 2, batchSize: 2, learningRate: 0.001 }, 17 + 41],
  ['kto', { name: 'kto', from: 'people', steps: 2, batchSize: 2, learningRate: 0.001 }, 17 + 41],
]

async function suiteWith(method: Record<string, unknown>): Promise<Awaited<ReturnType<typeof checkSmall>>> {
  const roles = ['train', 'train', 'dev', 'gate', 'gate'] as const
  const cases = roles.map((role, n) => ({
    id: `c${n}`,
    role,
    input: `question number ${n}`,
    expected: 'x'.repeat(30),
    chosen: 'x'.repeat(30),
    rejected: 'y'.repeat(40),
  }))
  const feature = smallEval('refill', { cases })
  const arms = [{ name: 'arm', role: 'candidate', method }] as unknown as SuiteOptions['arms']
  return checkSmall({ features: [feature], arms, trainer: trl(), hacking: 'unguarded' })
}

function messageOf(work: () => void): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'nothing was refused'
}

describe('refuseLongExamples()', () => {
  it.each(METHODS)(
    'refuses what %s would be trained on where it has one token too many, and takes it where it fits',
    async (_, method, needed) => {
      const suite = await suiteWith(method)
      expect(() => refuseLongExamples(suite, base(needed))).not.toThrow()
      expect(() => refuseLongExamples(suite, base(needed - 1))).toThrow('EXAMPLES_TOO_LONG')
    },
  )

  it('says which arm, eval and cases, and what to do', async () => {
    const suite = await suiteWith({ name: 'sft', steps: 2, batchSize: 2, learningRate: 0.001 })
    expect(messageOf(() => refuseLongExamples(suite, base(40)))).toMatchInlineSnapshot(`
      "EXAMPLES_TOO_LONG  Arm "arm" cannot be trained on eval "refill": the base has 40 positions, and with their answers these cases need more: "c0" (48 tokens), "c1" (48 tokens)
        where  small.suite.ts
        fix    shorten or remove these training cases, lower sampling.maxNewTokens where answers are drawn, or take a base with a longer context"
    `)
  })

  it('refuses nothing where tokens or positions are not known', async () => {
    const suite = await suiteWith({ name: 'sft', steps: 2, batchSize: 2, learningRate: 0.001 })
    for (const unknown of [base(null), base(1, false)]) expect(() => refuseLongExamples(suite, unknown)).not.toThrow()
  })
})
