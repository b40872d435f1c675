import { expect, test } from 'vitest'
import { SuiteInvalidError, SuiteNameUnknownError } from '../../src/suite/errors.ts'
import { dpo } from '../../src/method/dpo.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { embedded } from '../../src/trainer/embedded/driver.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { checkSmall, SFT, ratedEval, SMALL, smallEval } from './small-suite.ts'

const failure = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => error as Error,
  )

test('checkSuite() fills in every default', async () => {
  const suite = await checkSmall()
  expect(suite).toMatchObject({
    base: 'no-such-model',
    budget: null,
    seed: 0,
    checkpoints: 4,
    devCases: 100,
    lora: { rank: 16, alpha: 32 },
  })
  expect(suite.gate).toMatchObject({ alpha: 0.05, margin: 0.05, plannedRounds: 2 })
  expect(suite.features.map(({ eval: one, kind, margin, blocking }) => [one.name, kind, margin, blocking])).toEqual([
    ['refill', 'feature', 0.05, true],
    ['triage', 'feature', 0.05, true],
  ])
  expect(suite.features[0]?.eval.graded).toBe(false)
  expect(suite.retention.map(({ kind }) => kind)).toEqual(['retention'])
})

test('checkSuite() lets an eval have its own margin, effect and weight in the round', async () => {
  const entry = { eval: smallEval('kept', { graded: true }), margin: 0.2, minEffect: 0.1, blocking: false }
  const [kept] = (await checkSmall({ retention: [entry], gate: { margin: 0.03 } })).retention
  expect(kept).toMatchObject({ margin: 0.2, minEffect: 0.1, blocking: false, eval: { graded: true } })
})

test('checkSuite() refuses a suite without a retention eval', async () => {
  expect(String(await failure(checkSmall({ retention: [] as unknown as SuiteOptions['retention'] })))).toMatchInlineSnapshot(`
    "SuiteInvalidError: SUITE_INVALID  The suite cannot be used: retention: at least one retention eval is needed: it is all that guards the first round, got an empty list
      where  small.suite.ts
      fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
  `)
})

test('checkSuite() names the arm, the feature and the known styles where a demonstration style is missing', async () => {
  const changes: Partial<SuiteOptions> = {
    features: [smallEval('refill', { demonstrations: { terse: () => 'x' } }), smallEval('triage')],
    arms: [{ name: 'house', role: 'control', method: { ...SFT, demonstration: 'terse' } }],
  }
  const error = await failure(checkSmall(changes))
  expect(error).toBeInstanceOf(SuiteInvalidError)
  expect(String(error)).toMatchInlineSnapshot(`
    "SuiteInvalidError: SUITE_INVALID  The suite cannot be used: arm "house": eval "triage" has no demonstrations in the style "terse", only "in-format"
      where  small.suite.ts
      fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
  `)
  const styled = smallEval('triage', { demonstrations: { terse: () => 'y' } })
  const suite = await checkSmall({ ...changes, features: [changes.features?.[0] ?? styled, styled] })
  expect(suite.arms[0]?.methods['triage']).toMatchObject({ demonstration: 'terse' })
})

test('checkSuite() takes no inherited member for a demonstration style', async () => {
  const arms: SuiteOptions['arms'] = [{ name: 'sft', role: 'candidate', method: { ...SFT, demonstration: 'toString' } }]
  expect(await failure(checkSmall({ arms }))).toBeInstanceOf(SuiteInvalidError)
})

test('checkSuite() refuses an eval or an arm that is there twice, and a misspelt gate setting', async () => {
  expect((await failure(checkSmall({ retention: [smallEval('refill')] }))).message).toContain('eval "refill" is there twice')
  expect((await failure(checkSmall({ arms: [...SMALL.arms, ...SMALL.arms] }))).message).toContain('arms: "sft" is there twice')
  expect((await failure(checkSmall({ gate: { margn: 0.1 } as SuiteOptions['gate'] & object }))).message).toContain('margn')
})

test('checkSuite() refuses a relative margin for an eval without dev cases, which it is fixed by', async () => {
  const cases = [{ id: 'k', role: 'gate', input: 'q', expected: '1' }] as const
  const retention = [smallEval('kept', { cases })]
  expect((await failure(checkSmall({ retention, gate: { relativeMargin: 0.2 } }))).message).toContain(
    'gate.relativeMargin: eval "kept" has no dev cases, which it is fixed by',
  )
  expect((await checkSmall({ gate: { relativeMargin: 0.2 } })).gate).toMatchObject({ relativeMargin: 0.2, relativeMarginBelow: 0.5 })
})

test('checkSuite() cuts a suite to a budget', async () => {
  const suite = await checkSmall(
    { budgets: { ci: { features: 1, gateCases: 2, devCases: 1, method: { sft: { steps: 3 } } } } },
    { budget: 'ci', seed: 9 },
  )
  expect(suite.features.map(({ eval: one }) => one.name)).toEqual(['refill'])
  expect(suite.features[0]?.eval.cases.filter(({ role }) => role === 'gate')).toHaveLength(2)
  expect(suite).toMatchObject({ budget: 'ci', seed: 9, devCases: 1, gate: { plannedRounds: 1, seed: 9 } })
  expect(suite.arms[0]?.methods['refill']).toMatchObject({ steps: 3 })
})

test('checkSuite() runs optional arms only when they are asked for', async () => {
  const arms = [...SMALL.arms, { name: 'extra', role: 'control', optional: true, method: SFT } as const]
  expect((await checkSmall({ arms })).arms.map(({ name }) => name)).toEqual(['sft'])
  expect((await checkSmall({ arms }, { arms: ['extra'] })).arms.map(({ name }) => name)).toEqual(['extra'])
})

test('checkSuite() names the known arms and budgets where an unknown one is asked for', async () => {
  const error = await failure(checkSmall({}, { arms: ['grpo'] }))
  expect(error).toBeInstanceOf(SuiteNameUnknownError)
  expect(String(error)).toMatchInlineSnapshot(`
    "SuiteNameUnknownError: SUITE_NAME_UNKNOWN  The suite has no arm "grpo"
      where  small.suite.ts
      fix    use one of: sft"
  `)
  expect((await failure(checkSmall({}, { budget: 'ci' }))).message).toContain('no budget "ci"')
})

const controlled: Partial<SuiteOptions> = {
  arms: [
    { name: 'sft', role: 'candidate', method: SFT },
    { name: 'hot', role: 'control', method: { ...SFT, learningRate: 0.1 } },
  ],
}
const armsOf = async (changes: Partial<SuiteOptions>, overrides: Parameters<typeof checkSmall>[1] = {}): Promise<string[]> =>
  (await checkSmall({ ...controlled, ...changes }, overrides)).arms.map((arm) => arm.name)

test('checkSuite() leaves controls out on trl unless they are named or the trainer asks for them', async () => {
  expect(await armsOf({})).toEqual(['sft', 'hot'])
  expect(await armsOf({ trainer: trl() })).toEqual(['sft'])
  expect(await armsOf({}, { trainer: 'trl' })).toEqual(['sft'])
  expect(await armsOf({ trainer: trl({ controls: true }) })).toEqual(['sft', 'hot'])
  expect(await armsOf({ trainer: trl() }, { arms: ['hot'] })).toEqual(['hot'])
})

test('checkSuite() keeps the options of the suite’s own trainer when it is named again, and takes host and Python from the caller', async () => {
  const trainer = trl({ host: 'ssh://me@gpu1', precision: 'bf16' })
  expect((await checkSmall({ trainer }, { trainer: 'trl', python: '/opt/python' })).trainer).toEqual({ ...trainer, python: '/opt/python' })
  expect((await checkSmall({ trainer }, { trainer: 'embedded' })).trainer).toEqual(embedded())
  const error = await failure(checkSmall({ trainer }, { trainer: 'embedded', host: 'ssh://other' }))
  expect(String(error)).toContain('The embedded trainer takes no --host')
})

test('checkSuite() says which method the chosen trainer lacks and what to do instead', async () => {
  const arms: SuiteOptions['arms'] = [{ name: 'pairs', role: 'candidate', method: dpo({ steps: 4, batchSize: 2, learningRate: 0.001 }) }]
  expect(String(await failure(checkSmall({ arms })))).toMatchInlineSnapshot(`
    "SuiteInvalidError: SUITE_INVALID  The suite cannot be used: arm "pairs": the embedded trainer has no method "dpo": run it with --trainer trl, or choose one of sft, raft, grpo
      where  small.suite.ts
      fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
  `)
  const features = [ratedEval('refill', { chosen: 'a', rejected: 'b' })]
  expect((await checkSmall({ arms, features, trainer: trl() })).arms[0]?.methods['refill']).toMatchObject({
    name: 'dpo',
    beta: 0.1,
    from: 'people',
  })
  const muon: SuiteOptions['arms'] = [
    { name: 'sft', role: 'candidate', method: { ...SFT, optimizer: { name: 'muon', learningRate: 0.02 } } },
  ]
  expect(String(await failure(checkSmall({ arms: muon, trainer: trl() })))).toContain('the trl trainer has no optimizer "muon"')
})

test('checkSuite() hands a thinking model’s setting to every eval', async () => {
  const { features, retention } = await checkSmall({ thinking: 'on' })
  expect([...features, ...retention].map((entry) => entry.eval.thinking)).toEqual(['on', 'on', 'on'])
  expect((await checkSmall()).features[0]?.eval).not.toHaveProperty('thinking')
})
