import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { setupSentence, trainerSetupCommand } from '../../src/cli/commands/trainer-setup.ts'
import { temporaryFolder } from '../python/local-host-with.ts'
import { cudaProbe, readyProbe } from '../python/probe-of.ts'

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

it('setupSentence() says where the trainer can run now, and with what', () => {
  expect(setupSentence(readyProbe(), false)).toBe(
    'set up: --trainer trl can run on this machine, on the CPU (torch 2.13.0+cpu, trl 1.16.0)',
  )
  expect(setupSentence(cudaProbe(), true)).toBe(
    'was set up already: --trainer trl can run on ada@gpu1, on NVIDIA RTX 4090 (torch 2.13.0, trl 1.16.0, bitsandbytes 0.50.2, vllm 0.30.0)',
  )
})

it('setupSentence() does not promise a trainer whose torch does not work', () => {
  expect(setupSentence(readyProbe({ error: 'ImportError: x' }), false)).toBe(
    'set up, but torch does not work on this machine; see: npx holdfast doctor',
  )
})

it('trainerSetupCommand() refuses flags that exclude each other', async () => {
  await expect(trainerSetupCommand({ cpu: true, cuda: true }, terminal)).rejects.toMatchObject({
    code: 'CLI_USAGE',
    summary: '--cpu and --cuda exclude each other',
  })
})

it('trainerSetupCommand() refuses extras that it does not know', async () => {
  await expect(trainerSetupCommand({ with: ['vllm', 'flash\u001b'] }, terminal)).rejects.toMatchObject({
    code: 'CLI_USAGE',
    summary: '--with takes bitsandbytes or vllm, not "flash "',
  })
})
