import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-jsonl-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('appendJsonl() leaves whole lines where a write fails in the middle', () => {
  const path = join(directory, 'limited.jsonl')
  const module = new URL('../../src/base/jsonl.ts', import.meta.url).href
  const program = `const { appendJsonl } = await import(${JSON.stringify(module)}); for (;;) appendJsonl(${JSON.stringify(path)}, [{ text: 'x'.repeat(9988) }])`
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program]
  const { stderr } = spawnSync('sh', ['-c', 'ulimit -f 64; exec "$@"', 'sh', ...node], { encoding: 'utf8' })
  expect(stderr).toContain('EFBIG')
  const text = readFileSync(path, 'utf8')
  // 64 blocks of 512 or 1024 bytes.
  expect([30_000, 60_000]).toContain(text.length)
  expect(text.endsWith('\n')).toBe(true)
})
