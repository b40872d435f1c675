import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockRun } from '../../src/ledger/run-lock.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-lock-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const lockFile = (name: string): string => join(directory, name, 'lock.json')

test('lockRun() refuses while a process lives and takes over when it was killed', async () => {
  const path = lockFile('killed')
  const script = `const { lockRun } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/ledger/run-lock.ts'))}); lockRun(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  expect(() => lockRun(path)).toThrow(`RUN_LOCKED  The run is being written by process ${holder.pid} on "${hostname()}"`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = lockRun(path)
  expect((JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid).toBe(process.pid)
  lock.release()
  expect(readdirSync(join(directory, 'killed'))).toEqual([])
})
