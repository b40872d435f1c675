import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { environmentDirectory, findEnvironment } from '../../src/python/environment.ts'
import { pinsHash } from '../../src/python/requirements.ts'
import { removeEnvironments, setUpEnvironment } from '../../src/python/set-up-environment.ts'
import { localHostWith, pathWith, temporaryFolder, writeProgram } from './local-host-with.ts'
import { findPlainPython } from './trainer-python.ts'

const folder = temporaryFolder()
const python = await findPlainPython()
/** No index, neither for pip nor for uv: every install fails at once. */
const OFFLINE = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '', UV_OFFLINE: '1', UV_NO_CACHE: '1', https_proxy: 'http://127.0.0.1:9' }
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

async function plantComplete(): Promise<string> {
  const directory = await environmentDirectory(localHostWith(cache), 'cpu')
  const program = writeProgram(join(directory, 'venv', 'bin', 'python'), 'exit 0')
  writeFileSync(join(directory, 'complete.json'), JSON.stringify({ pins: pinsHash('cpu'), variant: 'cpu', extras: [], python: program }))
  return program
}

/** What a set-up leaves that was killed: an environment without the file that is written last. */
async function plantIncomplete(): Promise<string> {
  const directory = await environmentDirectory(localHostWith(cache), 'cpu')
  return writeProgram(join(directory, 'venv', 'bin', 'half-installed'), 'exit 0')
}

it.skipIf(python === null)(
  'setUpEnvironment() quotes what pip said when an install fails, keeps the log and leaves nothing that counts as complete',
  async () => {
    const host = localHostWith(cache, OFFLINE)
    const leftover = await plantIncomplete()
    const stages: string[] = []
    const failure = await setUpEnvironment(host, { variant: 'cpu', onStage: (line) => stages.push(line) }).catch((error: unknown) => error)
    const log = join(await environmentDirectory(host, 'cpu'), 'setup.log')
    expect(failure).toMatchObject({
      code: 'TRAINER_SETUP_FAILED',
      data: { log },
      where: `this machine, log ${log}`,
      fix: 'mend what the log names, then run: npx holdfast trainer setup --cpu',
    })
    expect(failure).toHaveProperty('message', expect.stringMatching(/stopped at the step "install .*"; it said last: ".*(pip|torch).*"/))
    expect(readFileSync(log, 'utf8')).toMatch(/^\$ .*(venv)/)
    expect(stages[0]).toMatch(/^making a virtual environment with Python 3\.1[123]\./)
    await expect(findEnvironment(host)).rejects.toMatchObject({ code: 'TRAINER_NOT_SET_UP' })
    expect(existsSync(leftover)).toBe(false)
  },
)

it.skipIf(python === null)('setUpEnvironment() has nothing to do when the environment is complete', async () => {
  const program = await plantComplete()
  const stages: string[] = []
  const result = await setUpEnvironment(localHostWith(cache, OFFLINE), { variant: 'cpu', onStage: (line) => stages.push(line) })
  expect(result).toEqual({ already: true, environment: { python: program, source: 'set-up', variant: 'cpu', extras: [], differences: [] } })
  expect(stages).toEqual([])
})

it.skipIf(python === null)('setUpEnvironment() makes a complete environment anew when forced', async () => {
  const leftover = join(dirname(await plantComplete()), 'leftover')
  writeFileSync(leftover, '')
  await expect(setUpEnvironment(localHostWith(cache, OFFLINE), { variant: 'cpu', force: true })).rejects.toMatchObject({
    code: 'TRAINER_SETUP_FAILED',
  })
  expect(existsSync(leftover)).toBe(false)
})

it.skipIf(python === null)('setUpEnvironment() waits while another process holds the lock of the environment', async () => {
  await plantComplete()
  const lock = `${await environmentDirectory(localHostWith(cache), 'cpu')}.lock`
  const text = 'import fcntl, sys; f = open(sys.argv[1], "w"); fcntl.flock(f, fcntl.LOCK_EX); print("held", flush=True); sys.stdin.read()'
  const holder = spawn(python ?? '', ['-c', text, lock], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  const stages: string[] = []
  const result = await setUpEnvironment(localHostWith(cache), {
    variant: 'cpu',
    onStage: (line) => {
      stages.push(line)
      holder.stdin.end()
    },
  })
  expect(stages).toEqual(['waiting for another set-up of this environment'])
  expect(result.already).toBe(true)
})

it.skipIf(python === null)('setUpEnvironment() writes nothing when the disk is too full', async () => {
  const PATH = pathWith(join(folder, 'full-disk'), { df: 'echo "Filesystem 1024-blocks Used Available"; echo "/dev/a 9 9 1000000"' })
  await expect(setUpEnvironment(localHostWith(cache, { PATH }), { variant: 'cpu' })).rejects.toMatchObject({
    code: 'TRAINER_DISK_SPACE',
    summary: 'The set-up needs about 3.0 GB of disk, 1.0 GB are free; nothing was written',
  })
  await expect(setUpEnvironment(localHostWith(cache, { PATH }), { variant: 'cuda', extras: ['vllm'] })).rejects.toMatchObject({
    summary: 'The set-up needs about 18.0 GB of disk, 1.0 GB are free; nothing was written',
  })
  expect(existsSync(cache)).toBe(false)
})

it('setUpEnvironment() refuses vLLM in an environment for the CPU', async () => {
  await expect(setUpEnvironment(localHostWith(cache), { variant: 'cpu', extras: ['vllm'] })).rejects.toMatchObject({
    code: 'TRAINER_EXTRA_NEEDS_CUDA',
  })
  expect(existsSync(cache)).toBe(false)
})

it.skipIf(python === null)('removeEnvironments() takes away what is there, whole or not, and says what it was', async () => {
  const host = localHostWith(cache)
  expect(await removeEnvironments(host)).toEqual([])
  await plantComplete()
  const [cpu, cuda] = [await environmentDirectory(host, 'cpu'), await environmentDirectory(host, 'cuda')]
  mkdirSync(join(cuda, 'venv'), { recursive: true })
  expect(await removeEnvironments(host)).toEqual([cpu, cuda])
  expect([existsSync(cpu), existsSync(cuda)]).toEqual([false, false])
})
