import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTrainer } from '../../src/round/open-trainer.ts'
import type { TrainerOptions } from '../../src/trainer/drivers.ts'
import { embedded } from '../../src/trainer/embedded/driver.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import type { Suite } from '../../src/suite/checked-suite.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { checkSmall } from '../suite/small-suite.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trainer-'))
const NANO = fileURLToPath(new URL('../../models/nano/', import.meta.url))
const ASKED = [[{ role: 'user', content: 'More losartan for Nora Okoye, 60 mg each.' }]] as const
const GREEDY = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 8 } as const

const suiteWith = (trainer: TrainerOptions, base = NANO): Promise<Suite> => checkSmall({ trainer, base })

beforeEach(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('openTrainer()', () => {
  it('gives the embedded engine one slot that answers, and nothing to say of a trainer', async () => {
    const opened = await openTrainer(await suiteWith(embedded({ threads: 1 })))
    try {
      expect([opened.record, opened.slots.length, opened.slots[0].trainer.name]).toEqual([null, 1, 'embedded'])
      const open = await opened.slots[0].open(null)
      expect(await open.kl([])).toBe(0)
      const [answers] = await open.model.generate([{ messages: [...ASKED[0]], seeds: [1] }], GREEDY)
      expect(answers?.[0]?.text.length).toBeGreaterThan(0)
      await open.close()
    } finally {
      await opened.close()
    }
  })

  it('refuses a trl trainer without an environment before it looks for the model', async () => {
    vi.stubEnv('HOLDFAST_PYTHON', '')
    const opening = openTrainer(await suiteWith(trl(), 'no-such-model'))
    await expect(opening).rejects.toMatchObject({ code: 'TRAINER_NOT_SET_UP' })
  })

  it.skipIf(python === null)(
    'knows the same base, by the same hashes, as the embedded engine, and starts nothing before it is needed',
    async () => {
      const ours = await openTrainer(await suiteWith(embedded({ threads: 1 })))
      const theirs = await openTrainer(await suiteWith(trl({ python: python as string, device: 'cpu', devices: ['cpu', 'cpu'] })))
      try {
        const { runtime: _, ...record } = ours.base
        expect(theirs.base).toMatchObject(record)
        expect(theirs.base.runtime).toMatch(
          /^holdfast \d\S*, trl 1\.16\.0, transformers \S+, peft \S+, torch 2\.\S+, cpu, f32, answers by runner$/,
        )
        expect(theirs.slots.map(({ trainer }) => trainer.name)).toEqual(['trl', 'trl'])
        expect(theirs.record).toMatchObject({ name: 'trl', host: 'local', device: 'cpu', precision: 'f32', evaluation: 'runner' })
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
    const opening = openTrainer(await suiteWith(trl({ python: python as string }), adapter))
    await expect(opening).rejects.toMatchObject({ code: 'BASE_IS_ADAPTER' })
  })
})
