import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openEngineCore } from '../../../src/engine/core.ts'
import { openTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { demonstrationSequence, type StepperContext } from '../../../src/trainer/embedded/stepper.ts'

const NANO = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-method-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('demonstrationSequence() ends with the token that the template writes, not with the first stop token', async () => {
  const directory = join(scratch, 'nano')
  cpSync(NANO, directory, { recursive: true })
  writeFileSync(join(directory, 'generation_config.json'), JSON.stringify({ eos_token_id: [0, 2] }))
  const engine = openEngineCore(directory, { threads: 1 })
  try {
    const context = { engine, tokenizer: openTokenizer(directory) } as unknown as StepperContext
    const { ids, promptLength } = demonstrationSequence(context, { messages: [{ role: 'user', content: 'Hi' }], completion: '16' })
    expect(engine.model.stopIds).toEqual([0, 2])
    expect([...ids.subarray(promptLength)]).toEqual([...context.tokenizer.encode('16'), 2])
  } finally {
    await engine.close()
  }
})
