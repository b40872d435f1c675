import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openTokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import { openEstimateBase } from '../../src/estimate/estimate-base.ts'
import { measureExamples } from '../../src/estimate/text-lengths.ts'
import type { TrainingExample } from '../../src/trainer/training-spec.ts'
import { LLAMA_8B, LLAMA_8B_CONFIG } from './figures.ts'

const made: string[] = []
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
})

function configOnly(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-estimate-'))
  made.push(directory)
  writeFileSync(join(directory, 'config.json'), JSON.stringify(LLAMA_8B_CONFIG))
  return directory
}

const MESSAGES = [{ role: 'user', content: 'Refill of 20 mg, please.' }] as const

test("openEstimateBase() counts with the model's own tokenizer and chat template", async () => {
  const { counter, isCounted, figures } = await openEstimateBase('models/nano')
  const tokenizer = openTokenizer('models/nano')
  expect(isCounted).toBe(true)
  expect(figures.layerCount).toBe(4)
  for (let again = 0; again < 2; again++) {
    expect(counter.prompt(MESSAGES)).toBe(tokenizer.renderChat(MESSAGES, { addGenerationPrompt: true }).ids.length)
    expect(counter.answer('20 mg')).toBe(tokenizer.encode('20 mg').length + 1)
  }
})

test('openEstimateBase() needs no weights and counts characters where there is no tokenizer', async () => {
  const { counter, isCounted, figures } = await openEstimateBase(configOnly())
  expect(figures).toEqual(LLAMA_8B)
  expect(isCounted).toBe(false)
  expect(counter.prompt(MESSAGES)).toBe(6)
  expect(counter.answer('12345')).toBe(3)
})

test('openEstimateBase() refuses a path that is not there', async () => {
  await expect(openEstimateBase('./no-such-model')).rejects.toThrow('MODEL_NOT_FOUND')
})

test('measureExamples() gives mean and longest of prompts and of every answer that is learned', async () => {
  const { counter } = await openEstimateBase(configOnly())
  const example = { caseId: 'a', eval: '', messages: [{ role: 'user' as const, content: 'x'.repeat(40) }] }
  const examples: TrainingExample[] = [
    { type: 'demonstration', ...example, completion: 'x'.repeat(4) },
    { type: 'pair', ...example, messages: [{ role: 'user', content: 'x'.repeat(80) }], chosen: 'x'.repeat(8), rejected: 'x'.repeat(36) },
    { type: 'prompt', ...example },
  ]
  expect(measureExamples(examples, counter)).toEqual({
    prompts: { count: 3, mean: 40 / 3, longest: 20 },
    answers: { count: 3, mean: 5, longest: 10 },
    promptsToDraw: 1,
  })
})
