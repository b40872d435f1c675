/**
 * @file Options that are passed through to TRL, judged by a real runner before anything is graded.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTrainer } from '../../../src/round/open-trainer.ts'
import { trl } from '../../../src/trainer/trl/driver.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { checkSmall, SFT } from '../../suite/small-suite.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-check-'))
const base = fileURLToPath(new URL('../../../models/nano/', import.meta.url))

beforeEach(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const opening = async (method: object, options: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const trainer = trl({ python: python as string, device: 'cpu', options })
  const arms = [
    { name: 'plain', role: 'candidate', method: SFT },
    { name: 'passes', role: 'candidate', method: { ...SFT, ...method } },
  ] as const
  const opened = await openTrainer(await checkSmall({ trainer, base, arms })).catch((error: unknown) => (error as Error).message)
  if (typeof opened === 'string') return opened
  await opened.close()
  return 'opened'
}

describe.skipIf(python === null)('checkTrlOptions()', () => {
  it('refuses an option that TRL does not have, with the arm that passes it and the nearest name', async () => {
    expect(await opening({ trl: { use_liger_kernal: true } })).toMatchInlineSnapshot(`
      "TRL_OPTION_UNKNOWN  SFTConfig has no option 'use_liger_kernal'
        where  round "01-refill", arm "passes"
        fix    use 'use_liger_kernel'"
    `)
    const left = join(scratch, 'cache', 'trainings')
    expect(existsSync(left) ? readdirSync(left) : []).toEqual([])
  })

  it('refuses an option of the trainer for all methods that Holdfast decides itself, and takes one that TRL knows', async () => {
    expect(await opening({}, { learning_rate: 1 })).toMatch(/^TRL_OPTION_OWNED {2}.*\n {2}where {2}round "01-refill", arm "plain"/)
    expect(await opening({ trl: { use_liger_kernel: false } })).toBe('opened')
  })
})
