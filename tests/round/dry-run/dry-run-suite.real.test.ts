import { expect, test } from 'vitest'
import { dryRunSuite } from '../../../src/round/dry-run/dry-run-suite.ts'
import { trl } from '../../../src/trainer/trl/driver.ts'
import clinic from '../../../suites/clinic.suite.ts'

const options = { suite: clinic, suiteFile: new URL('../../../suites/clinic.suite.ts', import.meta.url).pathname, budget: 'small' }
const failure = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => (error as Error).message,
  )

test('dryRunSuite() estimates the embedded trainer without a card', async () => {
  const run = await dryRunSuite(options, null)
  expect([run.trainer, run.device.kind, run.parts.length]).toEqual(['embedded', 'cpu', 4])
  expect(run.parts.every((part) => part.memory === null)).toBe(true)
})

test('dryRunSuite() estimates for a card that is not at hand, and leaves nothing to Python', async () => {
  const run = await dryRunSuite({ ...options, trainer: 'trl', python: '/no/such/python' }, 'RTX 4090')
  expect(run.device).toMatchObject({ kind: 'cuda', precision: 'bf16', speed: { name: 'RTX 4090' } })
  expect(run.parts.map((part) => part.shortage)).toEqual([null, null, null, null])
})

test('dryRunSuite() refuses a card that it has no figures of, and a card for the embedded trainer', async () => {
  const text = await failure(dryRunSuite({ ...options, trainer: 'trl' }, 'RTX 999'))
  expect(text).toContain('CARD_UNKNOWN  There are no figures of a card "RTX 999"')
  expect(text).toContain('RTX 4090')
  expect(await failure(dryRunSuite(options, 'RTX 4090'))).toMatchInlineSnapshot(`
    "CARD_UNKNOWN  The embedded trainer uses no card
      where  --dry-run
      fix    add --trainer trl, or leave the card out"
  `)
})

test('dryRunSuite() names the missing environment where the trainer would run', async () => {
  const suite = { ...clinic, options: { ...clinic.options, trainer: trl({ python: '/no/such/python' }) } }
  expect(await failure(dryRunSuite({ ...options, suite }, null))).toContain('TRAINER_PYTHON_UNUSABLE')
})
