import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createLocalHost } from '../../../../src/host/local-host.ts'
import { HostLines } from '../../../../src/trainer/trl/runner/host-lines.ts'

const host = createLocalHost()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-lines-'))
afterAll(async () => {
  await host.close()
  rmSync(scratch, { recursive: true, force: true })
})

it('HostLines gives nothing while the file does not exist, and its lines once it does', async () => {
  const path = join(scratch, 'late.jsonl')
  const lines = new HostLines(host, path)
  expect(await lines.next()).toEqual([])
  writeFileSync(path, '{"a":1}\n{"a":2}\n')
  expect(await lines.next()).toEqual(['{"a":1}', '{"a":2}'])
  expect(await lines.next()).toEqual([])
})

it('HostLines gives each line once, and a line that is still being written only when it is whole', async () => {
  const path = join(scratch, 'growing.jsonl')
  const lines = new HostLines(host, path)
  writeFileSync(path, 'one\ntw')
  expect(await lines.next()).toEqual(['one'])
  expect(await lines.next()).toEqual([])
  appendFileSync(path, 'o\nthree')
  expect(await lines.next()).toEqual(['two'])
  appendFileSync(path, '\n')
  expect(await lines.next()).toEqual(['three'])
})

it('HostLines keeps letters whole that are cut anywhere between two reads', async () => {
  const path = join(scratch, 'letters.jsonl')
  const text = '"naïve 🌊 Ω"\n"ende"\n'
  const lines = new HostLines(host, path)
  const found: string[] = []
  for (const byte of Buffer.from(text)) {
    appendFileSync(path, Buffer.of(byte))
    found.push(...(await lines.next()))
  }
  expect(found).toEqual(['"naïve 🌊 Ω"', '"ende"'])
})

it('HostLines leaves out empty lines', async () => {
  const path = join(scratch, 'gaps.jsonl')
  writeFileSync(path, '\none\n\n\ntwo\n')
  expect(await new HostLines(host, path).next()).toEqual(['one', 'two'])
})
