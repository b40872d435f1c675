import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedder } from '../../../src/model/embed/open-embedder.ts'
import type { Embedder } from '../../../src/model/embed/embedder.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'

const NANO = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const TEXTS = ['please refill my omeprazole', 'A', 'Take two tablets of ibuprofen 200 mg daily with food, for five days.']
const python = await findTrainerPython()

let embedder: Embedder
beforeAll(async () => {
  embedder = await openEmbedder(NANO, { threads: 1 })
})
afterAll(() => embedder.close())

describe('openEmbedder() on the embedded engine', () => {
  test.skipIf(python === null)('gives the mean of the hidden states that transformers gives', { timeout: 120_000 }, async () => {
    const script = `
import json, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
path, texts = sys.argv[1], json.loads(sys.argv[2])
tokenizer = AutoTokenizer.from_pretrained(path)
model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
out = []
for text in texts:
    ids = torch.tensor([tokenizer(text, add_special_tokens=False)["input_ids"]])
    with torch.no_grad():
        hidden = model(ids, output_hidden_states=True).hidden_states[-1][0].mean(0)
    out.append((hidden / hidden.norm()).tolist())
print(json.dumps(out))
`
    const output = execFileSync(python as string, ['-c', script, NANO, JSON.stringify(TEXTS)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const wanted = JSON.parse(output) as readonly (readonly number[])[]
    for (const [i, vector] of (await embedder.embed(TEXTS)).entries()) {
      const difference = vector.map((value, at) => Math.abs(value - (wanted[i]?.[at] as number)))
      expect(vector.length).toBe(wanted[i]?.length)
      expect(Math.max(...difference)).toBeLessThan(1e-5)
    }
  })
})
