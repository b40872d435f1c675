/**
 * @file Lives of a real server: started, killed and started again, left behind by a crash, failing to start.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../../../src/host/host.ts'
import { localProcess } from '../../../src/host/local-process.ts'
import { checkCanary } from '../../../src/model/server/canary.ts'
import { startServer } from '../../../src/model/server/managed-server.ts'
import type { ServerOptions } from '../../../src/model/server/managed-server.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { makeServedFixture } from './served-fixture.ts'
import type { ServedFixture } from './served-fixture.ts'

const python = await findTrainerPython()
const GREEDY = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 4 }

describe.skipIf(python === null)('startServer()', () => {
  let fixture: ServedFixture
  beforeAll(async () => {
    fixture = await makeServedFixture()
  })
  afterAll(() => fixture.close())

  /** Options whose host also tells the numbers of the processes it started. */
  const watched = (name: string): { readonly options: ServerOptions; readonly pids: number[] } => {
    const pids: number[] = []
    const { host } = fixture
    const start: Host['start'] = async (options) => {
      const program = await host.start(options)
      pids.push(program.pid)
      return program
    }
    return { options: { ...fixture.serverOptions(python ?? '', name), host: { ...host, start } }, pids }
  }

  test('starts a killed server once more for each request, loads its adapters and checks them again', async () => {
    const { options, pids } = watched('restarted')
    const reasons: string[] = []
    const server = await startServer({ ...options, onRestart: (reason) => reasons.push(reason) })
    const { directory, canary } = fixture.adapters[0]
    let checks = 0
    let isDoomed = false
    await server.loadAdapter('trained', directory, async (client) => {
      await checkCanary(client, 'trained', { record: canary })
      checks++
      if (isDoomed) await killNow(pids.at(-1) as number)
    })
    const ask = (): ReturnType<typeof server.client.complete> =>
      server.client.complete({ model: 'trained', prompts: [[1, 40, 300]], sampling: GREEDY, stopIds: [2] })
    const before = await ask()
    await killNow(pids[0] as number)
    expect(await ask()).toEqual(before)
    expect(checks).toBe(2)
    expect(reasons).toEqual([expect.stringContaining('ended while it was in use')])

    // The next one is killed too, as soon as it was started anew for the same request.
    isDoomed = true
    await killNow(pids[1] as number)
    await expect(ask()).rejects.toMatchObject({ code: 'SERVER_START_FAILED', summary: expect.stringContaining('ended again') })
    expect(pids.length).toBe(3)
    await server.stop()
  })

  test('stop() ends the server and removes the file with its token', async () => {
    const { options, pids } = watched('stopped')
    const server = await startServer(options)
    expect(existsSync(join(options.directory, 'serve.json'))).toBe(true)
    await server.stop()
    await server.stop()
    expect(await localProcess(pids[0] as number).isAlive()).toBe(false)
    expect(existsSync(join(options.directory, 'serve.json'))).toBe(false)
  })

  test('leaves no server behind when the process that started it is killed', async () => {
    const pid = await serverOfKilledProcess(fixture.serverOptions(python ?? '', 'left-behind'))
    await untilGone(pid)
    expect(await localProcess(pid).isAlive()).toBe(false)
  })

  test('says how the log ends when the server cannot start', async () => {
    const { options, pids } = watched('no-base')
    const launch = { ...options.launch, base: { path: join(fixture.directory, 'nowhere'), revision: null } } as ServerOptions['launch']
    await expect(startServer({ ...options, launch })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      summary: expect.stringMatching(/ended before it could answer; its log ends with[^]*nowhere/),
    })
    expect(await localProcess(pids[0] as number).isAlive()).toBe(false)
  })

  test('gives up at the deadline and ends what it started', async () => {
    const { options, pids } = watched('slow')
    const launch = { ...options.launch, command: ['sh', '-c', 'sleep 1000'] } as ServerOptions['launch']
    await expect(startServer({ ...options, launch, startTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      summary: expect.stringContaining('did not answer within 0 seconds'),
    })
    expect(await localProcess(pids[0] as number).isAlive()).toBe(false)
  })
})

async function killNow(pid: number): Promise<void> {
  await localProcess(pid).signal('KILL')
  await untilGone(pid)
}

async function untilGone(pid: number): Promise<void> {
  while (await localProcess(pid).isAlive()) await delay(20)
}

/** Starts the server in a process of its own, kills that process without warning, and gives the server's number. */
async function serverOfKilledProcess({ host: _, ...options }: ServerOptions): Promise<number> {
  const module = (path: string): string => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href)
  const script = `
    const { createLocalHost } = await import(${module('host/local-host.ts')})
    const { startServer } = await import(${module('model/server/managed-server.ts')})
    const host = createLocalHost()
    let pid
    const start = async (options) => { const program = await host.start(options); pid = program.pid; return program }
    await startServer({ ...${JSON.stringify(options)}, host: { ...host, start } })
    console.log(pid)
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = (await once(owner.stdout, 'data')) as [Buffer]
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  return Number(output.toString())
}
