import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockRun, setAside } from '../../src/ledger/run-lock.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-lock-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const lockFile = (name: string): string => join(directory, name, 'lock.json')

test('lockRun() takes over from a process whose number was given to another', () => {
  const path = lockFile('reused')
  lockRun(path).release()
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), startedAt: '1' }))
  if (existsSync('/proc/self/stat')) lockRun(path).release()
  expect(existsSync(path)).toBe(!existsSync('/proc/self/stat'))
})

test('lockRun() takes over a damaged lock and leaves one of another machine alone', () => {
  const path = lockFile('foreign')
  lockRun(path).release()
  writeFileSync(path, '')
  lockRun(path).release()
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', startedAt: null }))
  expect(() => lockRun(path)).toThrow('RUN_LOCKED')
})

test('release() leaves a lock that is no longer its own', () => {
  const path = lockFile('taken')
  const lock = lockRun(path)
  writeFileSync(path, 'other')
  lock.release()
  expect(readFileSync(path, 'utf8')).toBe('other')
})

test('setAside() takes away the lock that was seen, and gives one back that another process took meanwhile', () => {
  const path = lockFile('race')
  lockRun(path).release()
  writeFileSync(path, 'stale')
  setAside(path, 'stale')
  expect(readdirSync(join(directory, 'race'))).toEqual([])
  writeFileSync(path, 'taken by another')
  setAside(path, 'stale')
  expect(readdirSync(join(directory, 'race'))).toEqual(['lock.json'])
  expect(readFileSync(path, 'utf8')).toBe('taken by another')
  rmSync(path)
  setAside(path, 'stale')
  expect(readdirSync(join(directory, 'race'))).toEqual([])
})
