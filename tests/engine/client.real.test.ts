import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openEngine } from '../../src/engine/client.ts'
import { isHoldfastError } from '../../src/base/errors.ts'
import { engineContract } from '../contracts/engine.contract.ts'

engineContract('openEngine()', openEngine)

const FIXTURE = fileURLToPath(new URL('fixtures/llama-tied', import.meta.url))

test('openEngine() leaves this thread free while it computes', async () => {
  const engine = await openEngine(FIXTURE, { threads: 1 })
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const prompts = Array.from({ length: 200 }, (_, seed) => ({ ids: Int32Array.of(1, 3 + (seed % 40)), seeds: [seed] }))
  await engine.generate({ weights: null, prompts, sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 32 } })
  clearInterval(timer)
  await engine.close()
  expect(ticks).toBeGreaterThan(3)
})

test('openEngine() gives errors of its thread as Holdfast errors', async () => {
  const failure: unknown = await openEngine('/nowhere').catch((error: unknown) => error)
  expect(isHoldfastError(failure)).toBe(true)
  expect((failure as Error).message).toMatchInlineSnapshot(`
    "MODEL_FILE_MISSING  The model directory has no configuration
      where  /nowhere/config.json
      fix    point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json"
  `)
})
