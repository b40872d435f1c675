import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startRun } from '../../src/round/start-run.ts'
import { checkSmall } from '../suite/small-suite.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-start-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('startRun() gives runs that begin in one second names of their own', async () => {
  const suite = await checkSmall()
  const base = { name: 'base', directory: 'base', hash: 'h', tokenizer: 't', parameterCount: 1, runtime: 'r' }
  const names: string[] = []
  for (let n = 0; n < 4; n++) {
    const run = await startRun({ root, suite, base, resume: false })
    names.push(run.plan.run)
    run.close()
  }
  expect(new Set(names).size).toBe(4)
  for (const name of names) expect(name).toMatch(/^small-\d{8}-\d{6}(-\d)?$/)
})
