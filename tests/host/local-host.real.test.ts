import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createLocalHost } from '../../src/host/local-host.ts'
import { eventually, hostContract } from '../contracts/host.contract.ts'
import { startInKilledProcess } from './killed-process.ts'

hostContract('createLocalHost()', createLocalHost)

const before = process.env['HOLDFAST_CACHE']
afterEach(() => {
  if (before === undefined) delete process.env['HOLDFAST_CACHE']
  else process.env['HOLDFAST_CACHE'] = before
})

it('createLocalHost() keeps its cache where HOLDFAST_CACHE says, else in the home directory', async () => {
  process.env['HOLDFAST_CACHE'] = '/somewhere/else'
  expect(await createLocalHost().cacheDirectory()).toBe('/somewhere/else')
  delete process.env['HOLDFAST_CACHE']
  expect(await createLocalHost().cacheDirectory()).toBe(join(homedir(), '.cache', 'holdfast'))
})

it('createLocalHost() gives ports as they are', async () => {
  expect([(await createLocalHost().exposePort(4321)).port, (await createLocalHost().reachPort(1234)).port]).toEqual([4321, 1234])
})

it('createLocalHost() copies nothing when both folders are the same', async () => {
  await expect(createLocalHost().upload('src', './src/')).resolves.toBeUndefined()
})

it('start() attached: the program ends when our process is killed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-local-'))
  const pid = await startInKilledProcess({ module: '../../src/host/local-host.ts', create: 'createLocalHost()', directory })
  const program = await createLocalHost().attach(pid)
  await eventually(async () => !(await program.isAlive()))
  rmSync(directory, { recursive: true })
  expect(await program.isAlive()).toBe(false)
})
