import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { environmentDirectory, findEnvironment, readEnvironment } from '../../src/python/environment.ts'
import { pinnedVersions, pinsHash, readRequirements } from '../../src/python/requirements.ts'
import type { Variant } from '../../src/python/requirements.ts'
import { localHostWith, temporaryFolder, writeMetadata, writeProgram } from './local-host-with.ts'
import { findPlainPython } from './trainer-python.ts'

const folder = temporaryFolder()
const python = await findPlainPython()
let cache = ''
let count = 0
beforeEach(() => {
  vi.stubEnv('HOLDFAST_PYTHON', '')
  cache = join(folder, String((count += 1)))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes what a set-up writes last, with a program where the environment's Python would be. */
async function plant(variant: Variant, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const directory = await environmentDirectory(localHostWith(cache), variant)
  const program = writeProgram(join(directory, 'venv', 'bin', 'python'), 'exit 0')
  writeFileSync(
    join(directory, 'complete.json'),
    JSON.stringify({ pins: pinsHash(variant), variant, extras: [], python: program, ...changes }),
  )
  return program
}

const { torch, trl, transformers, peft, accelerate, datasets, pydantic } = pinnedVersions(readRequirements().trainer)
const pinned = { torch, trl, transformers, peft, accelerate, datasets, pydantic } as Readonly<Record<string, string>>

function hostHolding(versions: Readonly<Record<string, string>>): ReturnType<typeof localHostWith> {
  return localHostWith(cache, { PYTHONPATH: writeMetadata(join(cache, 'metadata'), versions) })
}

it('environmentDirectory() lies in the cache folder and is another one for each variant', async () => {
  const [cpu, cuda] = await Promise.all((['cpu', 'cuda'] as const).map((variant) => environmentDirectory(localHostWith(cache), variant)))
  expect(cpu).toBe(`${cache}/trainer/${pinsHash('cpu')}`)
  expect(cuda).toBe(`${cache}/trainer/${pinsHash('cuda')}`)
})

it('findEnvironment() says how to set the trainer up when nothing is there', async () => {
  await expect(findEnvironment(localHostWith(cache))).rejects.toMatchObject({
    code: 'TRAINER_NOT_SET_UP',
    fix: 'run: npx holdfast trainer setup',
  })
})

it('findEnvironment() finds the set-up environment with its extras, CUDA before CPU', async () => {
  const cpu = await plant('cpu')
  expect(await findEnvironment(localHostWith(cache))).toEqual({
    python: cpu,
    source: 'set-up',
    variant: 'cpu',
    extras: [],
    differences: [],
  })
  const cuda = await plant('cuda', { extras: ['vllm'] })
  expect(await findEnvironment(localHostWith(cache))).toEqual({
    python: cuda,
    source: 'set-up',
    variant: 'cuda',
    extras: ['vllm'],
    differences: [],
  })
})

it('readEnvironment() does not take an environment whose set-up was cut off, of other pins, or without its Python', async () => {
  const host = localHostWith(cache)
  const program = await plant('cpu')
  expect((await readEnvironment(host, 'cpu'))?.python).toBe(program)
  await plant('cpu', { pins: pinsHash('cuda') })
  expect(await readEnvironment(host, 'cpu')).toBeNull()
  await plant('cpu', { python: `${program}-gone` })
  expect(await readEnvironment(host, 'cpu')).toBeNull()
  const marker = join(dirname(dirname(dirname(program))), 'complete.json')
  writeFileSync(marker, '{"pins":')
  expect(await readEnvironment(host, 'cpu')).toBeNull()
  rmSync(marker)
  expect(await readEnvironment(host, 'cpu')).toBeNull()
})

it.skipIf(python === null)("findEnvironment() takes the user's own environment before the set-up one", async () => {
  await plant('cpu')
  const found = await findEnvironment(hostHolding(pinned), { python: python ?? '' })
  expect(found).toMatchObject({ source: 'own', variant: null, extras: [], differences: [] })
  expect(found.python).toMatch(/python[\d.]*$/)
})

it.skipIf(python === null)('findEnvironment() takes HOLDFAST_PYTHON on this machine, and not on another one', async () => {
  const program = await plant('cpu')
  const host = hostHolding(pinned)
  vi.stubEnv('HOLDFAST_PYTHON', python ?? '')
  expect((await findEnvironment(host)).source).toBe('own')
  expect(await findEnvironment({ ...host, name: 'gpu1', isLocal: false })).toMatchObject({ source: 'set-up', python: program })
})

it.skipIf(python === null)("findEnvironment() tells other versions in the user's environment as differences", async () => {
  const found = await findEnvironment(hostHolding({ ...pinned, torch: `${pinned['torch']}+cu130`, peft: '0.20.0' }), {
    python: python ?? '',
  })
  expect(found.differences).toEqual([{ name: 'peft', found: '0.20.0', pinned: pinned['peft'] }])
})

it.skipIf(python === null)("findEnvironment() refuses the user's environment when its trl is another one", async () => {
  const failure = findEnvironment(hostHolding({ ...pinned, trl: '1.13.0', peft: '0.20.0' }), { python: python ?? '' })
  await expect(failure).rejects.toMatchObject({
    code: 'TRAINER_VERSION',
    data: { missing: [] },
    summary: 'The Python environment that was named holds trl "1.13.0", which the trainer was not written for',
    fix: expect.stringMatching(/ -m pip install trl==1\.16\.0; or leave the environment out and run: npx holdfast trainer setup$/),
  })
})

it.skipIf(python === null)(
  "findEnvironment() refuses the user's environment when it lacks a package, and pins what to install",
  async () => {
    const { peft: _peft, datasets: _datasets, ...rest } = pinned
    // Isolated from the packages that the test's own Python may have.
    mkdirSync(cache, { recursive: true })
    const bare = writeProgram(join(cache, 'bare-python'), `shift; text=$1; shift; exec "${python ?? ''}" -S -c "$text" "$@"`)
    await expect(findEnvironment(hostHolding(rest), { python: bare })).rejects.toMatchObject({
      code: 'TRAINER_VERSION',
      data: { missing: ['peft', 'datasets'] },
      fix: expect.stringContaining(' -m pip install peft==0.21.2 datasets==5.2.0; '),
    })
  },
)

it('findEnvironment() refuses a Python that is not there', async () => {
  await expect(findEnvironment(localHostWith(cache), { python: join(cache, 'python') })).rejects.toMatchObject({
    code: 'TRAINER_PYTHON_UNUSABLE',
    summary: expect.stringContaining('not found'),
  })
})
