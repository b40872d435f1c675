import { describe, expect, it } from 'vitest'
import type { TrainerOptions } from '../../src/trainer/drivers.ts'
import { embedded } from '../../src/trainer/embedded/driver.ts'
import { trl, type TrlOptions } from '../../src/trainer/trl/driver.ts'
import { pickTrainer, recordedTrainer } from '../../src/suite/pick-trainer.ts'
import { suiteHash } from '../../src/suite/suite-hash.ts'
import { checkSmall, SFT } from './small-suite.ts'

const refusal = async (trainer: unknown): Promise<string> =>
  checkSmall({ trainer: trainer as TrainerOptions }).then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => (error as Error).message,
  )

describe('trl()', () => {
  it('marks its options, which no option can unmark', () => {
    expect(trl({ precision: 'bf16' })).toEqual({ kind: 'holdfast.trainer', name: 'trl', precision: 'bf16' })
    expect(trl({ name: 'embedded', kind: 'other' } as TrlOptions)).toEqual(trl())
  })

  it('is taken by a suite with every option that it documents', async () => {
    const options: Required<TrlOptions> = {
      host: 'ssh://ada@gpu1',
      python: '/opt/venv/bin/python',
      device: 'cuda',
      devices: ['cuda:0', 'cuda:1'],
      precision: '4bit',
      evaluation: 'vllm',
      start: 'merge',
      controls: true,
      accelerate: 'two.yaml',
      gradientCheckpointing: true,
      microBatchSize: 2,
      vllm: true,
      threads: 4,
      options: { neftune_noise_alpha: 5 },
    }
    expect((await checkSmall({ trainer: trl(options) })).trainer).toEqual(trl(options))
  })

  it('is refused with the name of every option that is wrong', async () => {
    expect(await refusal(trl({ host: 'gpu1', devices: ['gpu0'], precision: 'fp8' as 'f32', threads: 0 }))).toMatchInlineSnapshot(`
      "SUITE_INVALID  The suite cannot be used: trainer.host: is an address such as ssh://user@gpu1, got the text "gpu1"; trainer.devices[0]: is cuda:0, cuda:1, … or cpu, got the text "gpu0"; trainer.precision: must be 'auto', 'f32', 'bf16' or '4bit', got the text "fp8"; trainer.threads: must be at least 1, got 0
        where  small.suite.ts
        fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
    `)
    expect(await refusal(trl({ device: 'cpu', mirco: 2 } as TrlOptions))).toContain(
      'trainer: the trl trainer has no option "mirco", only host, python, device, devices, precision, evaluation, start, controls, accelerate,',
    )
  })

  it('may be written as its name with its options', async () => {
    expect((await checkSmall({ trainer: { name: 'trl', precision: 'bf16' } })).trainer).toEqual({ name: 'trl', precision: 'bf16' })
    const hashOf = async (trainer: TrainerOptions): Promise<string> => suiteHash(await checkSmall({ trainer }), { base: 'b', evals: {} })
    expect(await hashOf({ name: 'trl', precision: 'bf16' })).toBe(await hashOf(trl({ precision: 'bf16' })))
  })

  it('lets the command line name another trainer, host and Python, and keeps the rest of its options', async () => {
    const trainer = trl({ host: 'ssh://a@b', precision: 'bf16' })
    const changed = await checkSmall({ trainer }, { host: 'ssh://c@d', python: '/p' })
    expect(changed.trainer).toEqual(trl({ host: 'ssh://c@d', python: '/p', precision: 'bf16' }))
    expect((await checkSmall({ trainer }, { trainer: 'embedded' })).trainer).toEqual(embedded())
    expect((await checkSmall({ trainer }, { trainer: 'trl' })).trainer).toEqual(trainer)
    expect((await checkSmall({}, { trainer: 'trl', python: '/p' })).trainer).toEqual(trl({ python: '/p' }))
  })

  it('runs controls only when they are named or it says so', async () => {
    const arms = [
      { name: 'sft', role: 'candidate', method: SFT },
      { name: 'hot', role: 'control', method: SFT },
    ] as const
    const namesOf = async (...given: Parameters<typeof checkSmall>): Promise<string[]> =>
      (await checkSmall(...given)).arms.map(({ name }) => name)
    expect(await namesOf({ arms, trainer: trl() })).toEqual(['sft'])
    expect(await namesOf({ arms, trainer: trl({ controls: true }) })).toEqual(['sft', 'hot'])
    expect(await namesOf({ arms, trainer: trl() }, { arms: ['hot'] })).toEqual(['hot'])
    expect(await namesOf({ arms })).toEqual(['sft', 'hot'])
  })

  it('changes the suite’s hash by what decides numbers, and not by where it runs', async () => {
    const hashOf = async (trainer: TrainerOptions): Promise<string> => suiteHash(await checkSmall({ trainer }), { base: 'b', evals: {} })
    const hashes = [embedded(), trl(), trl({ precision: 'bf16' }), trl({ start: 'merge' }), trl({ options: { use_liger_kernel: true } })]
    expect(new Set(await Promise.all(hashes.map(hashOf))).size).toBe(hashes.length)
    const elsewhere = trl({ host: 'ssh://a@b', python: '/p', devices: ['cuda:0', 'cuda:1'], threads: 3, device: 'cuda' })
    expect(await hashOf(elsewhere)).toBe(await hashOf(trl()))
  })
})

describe('pickTrainer()', () => {
  const refused = (...given: Parameters<typeof pickTrainer>): string => {
    try {
      return expect.fail(JSON.stringify(pickTrainer(...given)))
    } catch (error) {
      return (error as Error).message
    }
  }

  it('takes the first trainer where nothing is said, with the flags that it takes', () => {
    expect(pickTrainer(undefined, {}, 'a.suite.ts')).toEqual(embedded())
    expect(pickTrainer(undefined, { device: 'webgpu', threads: 2 }, 'a.suite.ts')).toEqual(embedded({ device: 'webgpu', threads: 2 }))
    expect(pickTrainer(trl({ threads: 8 }), { threads: 2 }, 'a.suite.ts')).toEqual(trl({ threads: 2 }))
  })

  it('refuses flags that the trainer does not take, and says what to do instead', () => {
    expect(refused(undefined, { host: 'ssh://a@b', python: '/p' }, 'a.suite.ts')).toMatchInlineSnapshot(`
      "TRAINER_FLAG  The embedded trainer takes no --host and no --python
        where  --host --python
        fix    add --trainer trl, or leave --host and --python out"
    `)
    expect(refused(trl(), { device: 'webgpu' }, 'a.suite.ts')).toMatchInlineSnapshot(`
      "TRAINER_FLAG  The trl trainer takes no --device
        where  --device
        fix    write device in trl({ … }), or add --trainer embedded, or leave --device out"
    `)
    expect(refused(trl(), { device: 'webgpu', host: 'ssh://a@b' }, 'a.suite.ts')).toContain('TRAINER_FLAG')
  })

  it('refuses a trainer that there is not, with those that there are', () => {
    expect(refused(undefined, { trainer: 'ray' }, 'a.suite.ts')).toMatchInlineSnapshot(`
      "SUITE_INVALID  The suite cannot be used: there is no trainer "ray", only embedded, trl
        where  a.suite.ts
        fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
    `)
  })
})

describe('recordedTrainer()', () => {
  it('knows the trainer of a recorded run by its record, and of runs without one', () => {
    expect(recordedTrainer({ name: 'trl' })).toBe('trl')
    expect(recordedTrainer(undefined)).toBe('embedded')
  })
})

describe('checkSuite()', () => {
  it.each<[string, unknown]>([
    ['a name alone', 'trl'],
    ['another mark', { kind: 'holdfast.eval', name: 'trl' }],
    ['an unknown trainer', { kind: 'holdfast.trainer', name: 'ray' }],
  ])('refuses %s as the trainer', async (_, trainer) => {
    expect(await refusal(trainer)).toMatch(/^SUITE_INVALID {2}The suite cannot be used: trainer/)
  })

  it('says what a trainer is where it is none', async () => {
    expect(await refusal({ kind: 'holdfast.trainer', name: 'ray' })).toMatchInlineSnapshot(`
      "SUITE_INVALID  The suite cannot be used: trainer.name: is none of the trainers that there are: embedded, trl, got the text "ray"
        where  small.suite.ts
        fix    correct these settings: docs/methods.md documents those of methods, \`SuiteOptions\` the others"
    `)
  })
})
