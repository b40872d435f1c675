/**
 * @file Small suites on the bundled model for whole runs on the trl trainer: evals that reward a digit, of which
 * every model earns some (asked for nothing in particular the bundled one answers with numbers), so that a few steps are learned from.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CaseInput, Role } from '../../src/eval/case.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import type { ArmOptions, SuiteDefinition, SuiteOptions } from '../../src/suite/suite.ts'
import { trl, type TrlOptions } from '../../src/trainer/trl/driver.ts'
import { tinyEval, tinySuite } from '../round/tiny-suite.ts'

/** A random model never ends an answer, which the trainer refuses to learn from; the bundled one does. */
const NANO = fileURLToPath(new URL('../../models/nano/', import.meta.url))
const MAX_NEW_TOKENS = 16

/** Share of a text that is one digit. */
export function shareOf(digit: string, text: string): number {
  return (text.split(digit).length - 1) / Math.max(1, text.length)
}

/** What every model can do, tuned or not: ask nothing back. */
export const answered = grader('answered', ({ completion }) => Number(!completion.text.includes('?')))

/** An eval that rewards a digit and demonstrates it. */
export function digitEval(name: string, digit: string, extra: Parameters<typeof tinyEval>[1] = {}): EvalDefinition {
  const share = grader('share', ({ completion }) => shareOf(digit, completion.text), { settings: { digit } })
  const demonstrations = { 'in-format': () => digit.repeat(3) }
  return tinyEval(name, { graders: [share], demonstrations, passThreshold: 0.6, sampling: { maxNewTokens: MAX_NEW_TOKENS }, ...extra })
}

/** As many train cases as a tiny eval has, with what people gave: pairs in the first half, thumbs in the second. */
export function casesWithPeople(cases: readonly CaseInput[]): CaseInput[] {
  const train = cases.filter(({ role }) => role === 'train')
  return cases.map((row) => {
    const index = train.indexOf(row)
    if (index < 0) return row
    if (index < train.length / 2) return { ...row, chosen: '111', rejected: '222' }
    return index % 2 === 0 ? { ...row, chosen: '11', thumb: 'up' } : { ...row, rejected: '22', thumb: 'down' }
  })
}

/** A suite of one feature on one thread, so that arms side by side do not fight for cores. */
export function digitSuite(trainer: TrlOptions, options: Partial<SuiteOptions> = {}): SuiteDefinition {
  return tinySuite(NANO, {
    features: [digitEval('first', '1')],
    retention: [digitEval('old-one', '1', { graders: [answered] })],
    trainer: trl({ threads: 1, ...trainer }),
    checkpoints: 2,
    ...options,
  })
}

const SLOW_ARMS: readonly ArmOptions[] = [
  { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 6, batchSize: 8, learningRate: 0.01 } },
  { name: 'grpo', role: 'candidate', method: { name: 'grpo', steps: 12, promptsPerStep: 4, samplesPerPrompt: 4, learningRate: 0.01 } },
]

/** Two arms, one of them a training that waits for its rewards at every step, so that it can be met in its middle. */
export function slowSuite(trainer: TrlOptions): SuiteDefinition {
  const slow = grader('share', async ({ completion, case: { role } }) => {
    if (role === 'train') await sleep(100)
    return shareOf('1', completion.text)
  })
  return digitSuite(trainer, { features: [digitEval('first', '1', { graders: [slow] })], arms: SLOW_ARMS })
}

const WATCHED: readonly (readonly [Role, number])[] = [
  ['train', 24],
  ['dev', 40],
  ['gate', 60],
  ['twin', 40],
]

/** Cases whose dev cases have twins, so that a training on them is watched. */
export function watchedRows(): CaseInput[] {
  return WATCHED.flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ id: `${role}-${index}`, role, input: `${role} ${index}`, expected: 'e' },
      ...(role === 'twin' ? { twinOf: `dev-${index}` } : {}),
    })),
  )
}
