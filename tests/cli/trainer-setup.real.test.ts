import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { trainerRemoveCommand, trainerSetupCommand } from '../../src/cli/commands/trainer-setup.ts'
import { temporaryFolder } from '../python/local-host-with.ts'

const folder = temporaryFolder()
let out = ''
const terminal = {
  out: { write: (text: string) => (out += text) },
  error: { write: (text: string) => (out += text) },
  interruptSignal: () => new AbortController().signal,
}
beforeEach(() => {
  out = ''
  vi.stubEnv('HOLDFAST_CACHE', join(folder, 'cache'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

it('trainerSetupCommand() refuses vLLM for the CPU before anything is made', async () => {
  await expect(trainerSetupCommand({ cpu: true, with: ['vllm'] }, terminal)).rejects.toMatchObject({ code: 'TRAINER_EXTRA_NEEDS_CUDA' })
  expect(out).toBe('')
})

it('trainerRemoveCommand() says that there is nothing to remove', async () => {
  expect(await trainerRemoveCommand({}, terminal)).toBe(0)
  expect(out).toBe('nothing to remove\n')
})
