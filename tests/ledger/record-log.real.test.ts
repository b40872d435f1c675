import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readAllRecords } from '../../src/ledger/read-records.ts'
import { openRecordLog } from '../../src/ledger/record-log.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-log-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const schema = z.strictObject({ n: z.int(), text: z.string().optional() })
const fresh = (name: string): string => join(directory, name, 'log.jsonl')

test('a log whose writer is killed at any moment holds whole batches and goes on', async () => {
  for (let round = 0; round < 6; round++) {
    const path = fresh(`killed-${round}`)
    const writer = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'endless-writer.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(writer.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 7 * round))
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    const log = await openRecordLog(path, (count) => Math.floor(count / 10) * 10)
    log.append([{ n: log.recordCount }])
    log.close()
    const records = await readAllRecords(path, schema)
    expect(records.map((record) => record.n)).toEqual(records.map((_, index) => index))
    expect(records.length % 10).toBe(1)
  }
})

const BATCHES = join(import.meta.dirname, 'append-batches.ts')

/** Appends batches in a process of its own, behind a command that watches or limits it. */
function appendBatches(path: string, ...before: readonly string[]): { stdout: string; stderr: string } {
  const command = [...before, process.execPath, '--import', 'tsx', BATCHES, path]
  const { stdout, stderr } = spawnSync(command[0] as string, command.slice(1), { encoding: 'utf8' })
  return { stdout, stderr }
}

test('append() cuts the file back to its last whole batch when a write fails in the middle', () => {
  const path = fresh('limited')
  // The system cuts off every write behind 64 blocks of 512 bytes (1024 in some shells); a batch is 10,000 bytes.
  const { stdout } = appendBatches(path, 'sh', '-c', 'ulimit -f 64; exec "$@"', 'sh')
  const [whole, failure] = stdout.trim().split('\n')
  expect(failure).toBe('WRITE_FAILED')
  expect(['3', '6']).toContain(whole)
  const text = readFileSync(path, 'utf8')
  expect([text.length, text.endsWith('\n')]).toEqual([10_000 * Number(whole), true])
})

const hasStrace = spawnSync('strace', ['-V']).status === 0

// Only the system itself sees whether a directory was flushed: a power cut would show it, a killed process does not.
test.skipIf(!hasStrace)('openRecordLog() flushes the directory of a new file, and append() each batch before it returns', () => {
  const path = fresh('traced')
  const trace = `${dirname(dirname(path))}/trace.txt`
  appendBatches(path, 'strace', '-f', '-y', '-e', 'trace=openat,write,pwrite64,fsync', '-o', trace)
  const calls = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes(dirname(path)))
    .flatMap((line) => /^\d+\s+(write|pwrite64|fsync)\(\d+<([^>]+)>/.exec(line)?.slice(1, 3) ?? [])
  const steps = calls.flatMap((name, index) => (index % 2 === 0 ? [`${name} ${calls[index + 1] === path ? 'file' : 'folder'}`] : []))
  expect(steps.slice(0, 5)).toEqual(['fsync folder', 'write file', 'fsync file', 'write file', 'fsync file'])
})
