import { expect, it } from 'vitest'
import type { RunEvent } from '../../../src/round/run-event.ts'
import { lazySuiteRun } from '../../../src/vitest/suites/suite-run.ts'
import type { SuiteResult } from '../../../src/vitest/suites/suite-run.ts'

const end = (round: string, arm: string): RunEvent => ({
  type: 'round-finished',
  round,
  arm,
  role: 'candidate',
  verdict: null,
  lost: `${round} ${arm}`,
})
const result: SuiteResult = { run: 'demo', directory: 'reports/demo', exitCode: 0, summary: 'ACCEPTED' }

it('lazySuiteRun() starts one run however many tests ask', async () => {
  let starts = 0
  const run = lazySuiteRun((onEvent) => {
    starts += 1
    onEvent(end('01-a', 'sft'))
    return Promise.resolve(result)
  })
  expect(starts).toBe(0)
  const [first, again, whole] = await Promise.all([run.round('01-a', 'sft'), run.round('01-a', 'sft'), run.result()])
  expect([first?.lost, again?.lost, whole, starts]).toEqual(['01-a sft', '01-a sft', result, 1])
})

it('lazySuiteRun() gives a round as soon as it ends, before the run does', async () => {
  const order: string[] = []
  let finish: (end: SuiteResult) => void = () => {}
  const run = lazySuiteRun(
    (onEvent) =>
      new Promise((resolve) => {
        finish = resolve
        setTimeout(() => onEvent(end('01-a', 'sft')), 5)
      }),
  )
  const whole = run.result().then(() => order.push('run'))
  await run.round('01-a', 'sft').then(() => order.push('round'))
  finish(result)
  await whole
  expect(order).toEqual(['round', 'run'])
})

it('lazySuiteRun() gives null for a round that the run ended without, also when it could not run', async () => {
  const ended = lazySuiteRun(() => Promise.resolve(result))
  const failed = lazySuiteRun(() => Promise.reject(new Error('no disk')))
  expect(await Promise.all([ended.round('02-b', 'sft'), failed.round('02-b', 'sft')])).toEqual([null, null])
  await expect(failed.result()).rejects.toThrow('no disk')
})
