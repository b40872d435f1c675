import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { trainerDevice } from '../../src/python/check-host.ts'
import { askPython } from '../../src/python/probe-python.ts'
import { probeHost } from '../../src/python/probe.ts'
import { localHostWith, temporaryFolder, writeMetadata, writeProgram } from './local-host-with.ts'
import { findPlainPython, findTrainerPython } from './trainer-python.ts'

const folder = temporaryFolder()
const host = localHostWith(join(folder, 'cache'))
const trainer = await findTrainerPython()
const plain = await findPlainPython()
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

it.skipIf(trainer === null)('probeHost() tells versions and devices of the environment', async () => {
  const probe = await probeHost(host, { python: trainer ?? '' })
  expect(probe.host).toEqual({ name: 'this machine', isLocal: true })
  expect(probe.environment).toMatchObject({ source: 'own' })
  expect(probe.inside?.packages).toMatchObject({ trl: '1.16.0', torch: expect.stringMatching(/^2\.13\.0/) })
  expect(probe.inside?.torch?.error).toBeNull()
  const build = probe.inside?.packages['torch'] ?? ''
  if (build.endsWith('+cpu')) expect(probe.inside?.torch).toEqual({ error: null, cudaVersion: null, devices: [] })
  expect(trainerDevice(probe)).toBe((probe.inside?.torch?.devices.length ?? 0) > 0 ? 'cuda' : 'cpu')
})

it('probeHost() answers with the failure when there is no environment', async () => {
  vi.stubEnv('HOLDFAST_PYTHON', '')
  const probe = await probeHost(host)
  expect(probe.environment).toMatchObject({ code: 'TRAINER_NOT_SET_UP' })
  expect(probe.inside).toBeNull()
  expect(trainerDevice(probe)).toBeNull()
  expect(probe.folder).toBe(join(folder, 'cache', 'trainer'))
})

it.skipIf(plain === null)('askPython() has null for a package that is not installed and tells an import of torch that fails', async () => {
  const site = writeMetadata(join(folder, 'site'), { torch: '9.0' })
  writeFileSync(join(site, 'torch.py'), 'raise ImportError("libcudart.so.13 is missing")')
  const program = writeProgram(join(folder, 'python'), `PYTHONPATH=${site} exec ${plain ?? ''} "$@"`)
  const probe = await askPython(host, program, { packages: ['torch', 'no-such-package-anywhere'], torch: true })
  expect(probe.packages).toEqual({ torch: '9.0', 'no-such-package-anywhere': null })
  expect(probe.torch).toEqual({ error: 'ImportError: libcudart.so.13 is missing', cudaVersion: null, devices: [] })
})

it('askPython() refuses a program that runs but is no Python', async () => {
  const program = writeProgram(join(folder, 'other'), 'echo hello')
  await expect(askPython(host, program, { packages: [], torch: false })).rejects.toMatchObject({
    code: 'TRAINER_PROBE_FAILED',
    summary: expect.stringContaining('the end of its output: "hello"'),
  })
})
