import { expect, test } from 'vitest'
import { chain, dpo, grpo, kto, mdloo, raft, rloo, sft, simpo } from '../../src/index.ts'
import type { ArmMethod, WrittenMethodUnion } from '../../src/method/written-methods.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { checkSmall, ratedEval, smallEval } from './small-suite.ts'
import type { CaseInput } from '../../src/eval/case.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'

const shared = { steps: 2, learningRate: 0.001 }
const online = { ...shared, promptsPerStep: 2, samplesPerPrompt: 2 }

/** Settings that types would refuse are among them. */
type MethodSettings = Readonly<Record<string, unknown>>

/** Every method as it trains. */
const METHODS: Readonly<Record<string, (changes: MethodSettings) => WrittenMethodUnion>> = {
  sft: (changes) => sft({ ...shared, batchSize: 2, ...changes }),
  raft: (changes) => raft({ ...shared, batchSize: 2, epochs: 1, promptsPerEpoch: 2, samplesPerPrompt: 2, ...changes }),
  dpo: (changes) => dpo({ ...shared, batchSize: 2, ...changes }),
  kto: (changes) => kto({ ...shared, batchSize: 2, ...changes }),
  simpo: (changes) => simpo({ ...shared, batchSize: 2, ...changes }),
  grpo: (changes) => grpo({ ...online, ...changes }),
  rloo: (changes) => rloo({ ...online, ...changes }),
  mdloo: (changes) => mdloo({ ...online, ...changes }),
}
const EMBEDDED = ['sft', 'raft', 'grpo']
const GROUPED = ['dpo', 'kto', 'simpo', 'grpo', 'rloo', 'mdloo']

/** Evals by what people gave of the train cases. */
const plain = smallEval('refill')
const paired = ratedEval('refill', { chosen: 'a', rejected: 'b' })
const equal = ratedEval('refill', { chosen: 'a', rejected: 'a' })
const liked = ratedEval('refill', { chosen: 'a', thumb: 'up' })

async function refusal(
  method: ArmMethod,
  feature: EvalDefinition,
  trainer: 'embedded' | 'trl',
  role: 'candidate' | 'control' = 'candidate',
): Promise<string> {
  const arms = [{ name: 'arm', role, method }]
  const check = checkSmall({ arms, features: [feature], hacking: 'unguarded', ...(trainer === 'trl' ? { trainer: trl() } : {}) })
  return check.then(
    () => 'taken',
    (error: { code: string; summary: string }) => error.summary,
  )
}

const trainers = ['embedded', 'trl'] as const
const table = Object.keys(METHODS).flatMap((name) =>
  trainers.map((trainer) => ({ name, trainer, make: METHODS[name] as (changes: MethodSettings) => WrittenMethodUnion })),
)

test.each(table)('checkSuite() takes $name on $trainer only with what it learns from', async ({ name, trainer, make }) => {
  const learns = async (changes: MethodSettings, feature: EvalDefinition): Promise<boolean> =>
    (await refusal(make(changes), feature, trainer)) === 'taken'
  const isKnown = trainer === 'trl' || EMBEDDED.includes(name)
  const isPreference = ['dpo', 'kto', 'simpo'].includes(name)
  const from = isPreference ? { from: 'people' } : {}
  expect(await learns(from, plain)).toBe(isKnown && !isPreference)
  expect(await learns(from, paired)).toBe(isKnown)
  expect(await learns(from, equal)).toBe(isKnown && (!isPreference || name === 'kto'))
  expect(await learns(from, liked)).toBe(isKnown && !isPreference)
  if (isPreference) expect(await learns({ from: 'samples' }, plain)).toBe(isKnown)
})

test.each(table)('checkSuite() refuses $name on $trainer with settings that cannot train', async ({ name, trainer, make }) => {
  const wrong: MethodSettings[] = [
    ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((steps) => ({ steps })),
    ...[-1, Number.NaN, Number.POSITIVE_INFINITY, 0].map((learningRate) => ({ learningRate })),
    ...(name === 'sft' ? [] : [0, -1, Number.NaN].map((temperature) => ({ temperature }))),
    ...(GROUPED.includes(name) ? [{ samplesPerPrompt: 1 }] : []),
    ...(name === 'raft' ? [{ samplesPerPrompt: 0 }, { epochs: 0 }, { promptsPerEpoch: 0 }] : []),
    ...(['grpo', 'rloo', 'mdloo'].includes(name) ? [{ promptsPerStep: 0 }] : [{ batchSize: 0 }]),
  ]
  for (const changes of wrong) expect([changes, await refusal(make(changes), paired, trainer)]).not.toContain('taken')
  expect(await refusal(chain(make({}), make({ steps: 0 })), paired, 'trl')).toContain('a training takes at least 1 step')
})

test('checkSuite() lets a control stand still, and no candidate', async () => {
  const still = sft({ ...shared, batchSize: 2, learningRate: 0 })
  expect(await refusal(still, plain, 'embedded', 'control')).toBe('taken')
  expect(await refusal(still, plain, 'embedded')).toBe(
    'The suite cannot be used: arm "arm" on eval "refill": a candidate with learningRate 0 learns nothing',
  )
})

test('checkSuite() says what an arm lacks and what to do instead, also within a chain', async () => {
  const people = { ...shared, batchSize: 2 }
  expect(await refusal(dpo(people), plain, 'trl')).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "dpo" learns pairs of chosen and rejected answers, and no train case has both (give some, or draw them with from: 'samples')"`,
  )
  expect(await refusal(simpo(people), equal, 'trl')).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "simpo" learns pairs of chosen and rejected answers, and in all 1 pairs both are the same (give some, or draw them with from: 'samples')"`,
  )
  expect(await refusal(kto(people), plain, 'trl')).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "kto" learns answers that people liked or did not (chosen or rejected, with or without thumb), of which none is given (give some, or draw them with from: 'samples')"`,
  )
  expect(await refusal(chain(sft(people), kto(people)), liked, 'trl')).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "kto" learns answers that people liked or did not (chosen or rejected, with or without thumb), of which only one is given (give some, or draw them with from: 'samples')"`,
  )
})

test('checkSuite() names the first train case without a usable demonstration', async () => {
  const rows = smallEval('refill').options.cases as readonly CaseInput[]
  const without = rows.map(({ expected: _, ...row }) =>
    row.role === 'train' ? { ...row, thumb: 'up' as const } : { ...row, expected: 'x' },
  )
  const method = sft({ ...shared, batchSize: 2 })
  const demonstrate = (make: () => unknown): EvalDefinition =>
    smallEval('refill', { demonstrations: { 'in-format': make as () => string } })
  expect(await refusal(method, smallEval('refill', { cases: without as never }), 'embedded')).toMatchInlineSnapshot(
    `"A row of eval "refill" is not a case: expected: is missing or not a JSON value"`,
  )
  expect(
    await refusal(
      method,
      demonstrate(() => ' '),
      'embedded',
    ),
  ).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "sft" learns a demonstration of every train case, but case "refill-0" has an empty one"`,
  )
  expect(
    await refusal(
      method,
      demonstrate(() => {
        throw new Error('no template')
      }),
      'embedded',
    ),
  ).toMatchInlineSnapshot(
    `"The suite cannot be used: arm "arm" on eval "refill": "sft" learns a demonstration of every train case, but case "refill-0" fails to give one: "no template""`,
  )
})

test.each([
  ['features', 'train'],
  ['features', 'dev'],
  ['features', 'gate'],
  ['retention', 'dev'],
  ['retention', 'gate'],
] as const)('checkSuite() refuses an eval among the %s without %s cases before anything is graded', async (kind, role) => {
  const rows = smallEval('other').options.cases as readonly CaseInput[]
  const other = smallEval('other', { cases: rows.filter((row) => row.role !== role) })
  await expect(checkSmall({ [kind]: [other] })).rejects.toMatchObject({ code: 'ROLE_EMPTY' })
})

test('checkSuite() asks for no training data where nothing will be trained', async () => {
  const rows = smallEval('refill').options.cases as readonly CaseInput[]
  const gateOnly = smallEval('refill', { cases: rows.filter(({ role }) => role === 'gate') })
  expect((await checkSmall({ features: [gateOnly], retention: [smallEval('kept')] }, { trains: false })).features).toHaveLength(1)
})
