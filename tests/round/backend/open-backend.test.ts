import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBackend } from '../../../src/round/backend/open-backend.ts'
import { embedded, trl, type TrainerOptions } from '../../../src/suite/trainer-options.ts'
import type { Suite } from '../../../src/suite/checked-suite.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { checkSmall } from '../../suite/small-suite.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-backend-'))
const NANO = fileURLToPath(new URL('../../../models/nano/', import.meta.url))
const ASKED = [[{ role: 'user', content: 'More losartan for Nora Okoye, 60 mg each.' }]] as const
const GREEDY = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 8 } as const

const suiteWith = (trainer: TrainerOptions, base = NANO): Promise<Suite> => checkSmall({ trainer, base })

beforeEach(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('openBackend()', () => {
  it('gives the embedded engine one place that answers, and nothing to say of a trainer', async () => {
    const backend = await openBackend(await suiteWith(embedded()), { threads: 1 })
    try {
      expect([backend.trainerRecord, backend.places.length, backend.places[0].trainer.name]).toEqual([null, 1, 'embedded'])
      const open = await backend.places[0].open(null)
      expect(await open.kl([])).toBe(0)
      const [answers] = await open.model.generate([{ messages: [...ASKED[0]], seeds: [1] }], GREEDY)
      expect(answers?.[0]?.text.length).toBeGreaterThan(0)
      await open.close()
    } finally {
      await backend.close()
    }
  })

  it('refuses a device of the embedded engine for a trl trainer before it looks for anything', async () => {
    await expect(openBackend(await suiteWith(trl({ python: '/no/such/python' })), { device: 'webgpu' })).rejects
      .toThrowErrorMatchingInlineSnapshot(`
      [TrainerDeviceError: TRAINER_DEVICE  The trainer cannot run as asked: --device names a device of the embedded engine
        where  --device
        fix    write device in trl({ … }), or add --trainer embedded]
    `)
  })

  it('refuses a trl trainer without an environment before it looks for the model', async () => {
    vi.stubEnv('HOLDFAST_PYTHON', '')
    const opening = openBackend(await suiteWith(trl(), 'no-such-model'), {})
    await expect(opening).rejects.toMatchObject({ code: 'TRAINER_NOT_SET_UP' })
  })

  it.skipIf(python === null)(
    'knows the same base, by the same hashes, as the embedded engine, and starts nothing before it is needed',
    async () => {
      const ours = await openBackend(await suiteWith(embedded()), { threads: 1 })
      const theirs = await openBackend(await suiteWith(trl({ python: python as string, device: 'cpu', devices: ['cpu', 'cpu'] })), {})
      try {
        const { runtime: _, ...record } = ours.record
        expect(theirs.record).toMatchObject(record)
        expect(theirs.record.runtime).toMatch(
          /^holdfast \d\S*, trl 1\.16\.0, transformers \S+, peft \S+, torch 2\.\S+, cpu, f32, answers by runner$/,
        )
        expect(theirs.places.map(({ trainer }) => trainer.name)).toEqual(['trl', 'trl'])
        expect(theirs.trainerRecord).toMatchObject({ name: 'trl', host: 'local', device: 'cpu', precision: 'f32', evaluation: 'runner' })
        expect(existsSync(join(scratch, 'cache', 'servers'))).toBe(false)
      } finally {
        await Promise.all([ours.close(), theirs.close()])
      }
    },
  )

  it.skipIf(python === null)('refuses an adapter as the base of a trl trainer', async () => {
    const adapter = join(scratch, 'adapter')
    mkdirSync(adapter)
    writeFileSync(join(adapter, 'adapter_config.json'), JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: NANO }))
    const opening = openBackend(await suiteWith(trl({ python: python as string }), adapter), {})
    await expect(opening).rejects.toMatchObject({ code: 'BASE_IS_ADAPTER' })
  })
})
