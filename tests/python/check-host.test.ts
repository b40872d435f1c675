import { expect, it } from 'vitest'
import { checkHost, trainerDevice } from '../../src/python/check-host.ts'
import type { HostCheck } from '../../src/python/check-host.ts'
import { PythonMissingError, TrainerVersionError, onHost } from '../../src/python/errors.ts'
import type { HostProbe } from '../../src/python/probe.ts'
import { bareProbe, cudaProbe, readyProbe, withDriver } from './probe-of.ts'

function checkOf(probe: HostProbe, name: string): HostCheck | undefined {
  return checkHost(probe).find((check) => check.name === name)
}

it('checkHost() gives the command that sets a bare machine up, with the host when it is another one', () => {
  const command = 'npx holdfast trainer setup'
  const missing = checkHost(bareProbe()).filter(({ state }) => state === 'missing')
  expect(missing.map(({ name }) => name)).toEqual(['environment', 'torch', 'CUDA', 'vLLM', 'bitsandbytes'])
  expect(checkOf(bareProbe(), 'environment')?.fix).toBe(command)
  expect(checkOf(bareProbe({ name: 'gpu1', isLocal: false }), 'environment')?.fix).toBe(`${command} --host ssh://gpu1`)
})

it('checkHost() has a fix for everything that is not ok, and none for what is', () => {
  const probes = [bareProbe(), readyProbe(), cudaProbe(), withDriver(bareProbe()), withDriver(readyProbe()), readyProbe({ error: 'x' })]
  for (const check of probes.flatMap(checkHost))
    expect({ ...check, hasFix: check.fix !== undefined }).toMatchObject({ hasFix: check.state !== 'ok' })
})

it('checkHost() tells memory, capability and bf16 of every CUDA device', () => {
  expect(checkOf(cudaProbe(), 'CUDA 0')).toEqual({
    name: 'CUDA 0',
    state: 'ok',
    found: '"NVIDIA RTX 4090", 24.9 GB of 25.4 GB free, compute capability 8.9, bf16',
  })
  expect(checkOf(cudaProbe(), 'torch')?.found).toBe('2.13.0, for CUDA 13.0; trl 1.16.0')
})

it('checkHost() warns of a build for the CPU on a machine with a driver', () => {
  expect(checkOf(withDriver(readyProbe()), 'CUDA')).toEqual({
    name: 'CUDA',
    state: 'warning',
    found: 'NVIDIA driver 580.65.06, but this torch is a build for the CPU',
    fix: 'npx holdfast trainer setup --cuda',
  })
})

it('checkHost() names a CUDA build that sees no device', () => {
  expect(checkOf(withDriver(readyProbe({ cudaVersion: '13.0' })), 'CUDA')).toMatchObject({
    state: 'missing',
    found: 'NVIDIA driver 580.65.06, but torch for CUDA 13.0 sees no device',
  })
})

it('checkHost() asks for vLLM only where it could run', () => {
  expect(checkOf(readyProbe(), 'vLLM')?.fix).toBe('none without an NVIDIA card: it needs CUDA')
  expect(checkOf(withDriver(readyProbe()), 'vLLM')?.fix).toBe('npx holdfast trainer setup --cuda --with vllm')
  expect(checkOf(cudaProbe(), 'vLLM')).toEqual({ name: 'vLLM', state: 'ok', found: '0.30.0' })
})

it('checkHost() quotes why torch does not work and has the environment made again', () => {
  expect(checkOf(readyProbe({ error: 'ImportError: libgomp.so.1\u001b[1m' }), 'torch')).toEqual({
    name: 'torch',
    state: 'missing',
    found: '2.13.0+cpu does not work: "ImportError: libgomp.so.1 [1m"',
    fix: 'npx holdfast trainer setup --force',
  })
})

it("checkHost() warns of versions in the user's own environment", () => {
  const ready = readyProbe()
  const environment = {
    python: '/opt/venv/bin/python',
    source: 'own' as const,
    variant: null,
    extras: [],
    differences: [{ name: 'peft', found: '0.20.0', pinned: '0.21.2' }],
  }
  expect(checkOf({ ...ready, environment }, 'environment')?.found).toBe('your own, /opt/venv/bin/python')
  expect(checkOf({ ...ready, environment }, 'peft')).toEqual({
    name: 'peft',
    state: 'warning',
    found: '"0.20.0", the trainer was tested with 0.21.2',
    fix: '/opt/venv/bin/python -m pip install peft==0.21.2',
  })
})

it('checkHost() repeats why there is no Python and why an environment is refused', () => {
  const bare = bareProbe()
  const python = new PythonMissingError({ ...onHost(bare.host), problem: 'none was found', fix: 'run: brew install python@3.12' })
  const problem = { missing: [], trl: '1.13.0', wanted: 'trl==1.16.0' }
  const environment = new TrainerVersionError({ ...onHost(bare.host), python: '/opt/python', ...problem })
  expect(checkOf({ ...bare, python }, 'Python')).toEqual({
    name: 'Python',
    state: 'missing',
    found: 'The trainer needs Python 3.11, 3.12 or 3.13: none was found',
    fix: 'brew install python@3.12',
  })
  expect(checkOf({ ...bare, environment }, 'environment')).toMatchObject({ state: 'missing', found: environment.summary })
})

it('checkHost() warns when the disk will soon be full', () => {
  const ready = readyProbe()
  const check = checkOf({ ...ready, survey: { ...ready.survey, freeDiskBytes: 19.9e9 } }, 'disk')
  expect(check).toMatchObject({ state: 'warning', fix: 'free some space there, or set HOLDFAST_CACHE there to a folder on another disk' })
  expect(checkOf(ready, 'disk')).toMatchObject({ state: 'ok', found: '80.7 GB free for /home/ada/.cache/holdfast/trainer' })
})

it('trainerDevice() is null without an environment or a torch that works', () => {
  expect(trainerDevice(bareProbe())).toBeNull()
  expect(trainerDevice(readyProbe({ error: 'ImportError: x' }))).toBeNull()
  expect(trainerDevice(readyProbe())).toBe('cpu')
  expect(trainerDevice(cudaProbe())).toBe('cuda')
})
