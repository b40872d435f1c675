import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { doctorCommand } from '../../src/cli/commands/doctor.ts'
import type { DoctorFlags } from '../../src/cli/commands/doctor.ts'
import { temporaryFolder } from '../python/local-host-with.ts'
import { findTrainerPython } from '../python/trainer-python.ts'

const trainer = await findTrainerPython()
const folder = temporaryFolder()
afterEach(() => {
  vi.unstubAllEnvs()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs doctor where nothing is set up but what the flags name. */
async function runDoctor(flags: DoctorFlags): Promise<{ readonly code: number; readonly out: string }> {
  vi.stubEnv('HOLDFAST_CACHE', join(folder, 'cache'))
  vi.stubEnv('HOLDFAST_PYTHON', '')
  let out = ''
  const terminal = {
    out: { write: (text: string) => (out += text) },
    error: { write: (text: string) => (out += text) },
    interruptSignal: () => new AbortController().signal,
  }
  return { code: await doctorCommand(flags, terminal), out }
}

it('doctorCommand() ends with 3 and the command that sets the trainer up when there is none', async () => {
  const { code, out } = await runDoctor({})
  expect(code).toBe(3)
  expect(out).toMatch(/^missing +environment +none of this version in .*cache\/trainer\n +fix: npx holdfast trainer setup$/m)
  expect(out).toMatch(/^ok +Node /m)
  expect(out).toMatch(/^(ok|missing) +ssh /m)
})

it.skipIf(trainer === null)('doctorCommand() ends with 0 when the named Python can run the trainer', async () => {
  const { code, out } = await runDoctor({ python: trainer ?? '' })
  expect(code).toBe(0)
  expect(out).toMatch(/^ok +environment +your own, /m)
  expect(out).toMatch(/^ok +torch +2\.13\.0.*; trl 1\.16\.0$/m)
  expect(out).toMatch(/\nThe TRL trainer can run on this machine, /)
})
