import { expect, test } from 'vitest'
import { suiteHash } from '../../src/suite/suite-hash.ts'
import type { Suite } from '../../src/suite/check-suite.ts'
import { checkSmall, SFT, smallEval } from './small-suite.ts'

const parts = { base: 'b', evals: {} }

test('suiteHash() passes over the description and the place of the file', async () => {
  const suite = await checkSmall()
  const hash = suiteHash(suite, parts)
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  expect(suiteHash({ ...suite, description: 'other', file: 'elsewhere.ts' }, parts)).toBe(hash)
})

test('suiteHash() changes with everything that decides a verdict', async () => {
  const suites: Suite[] = [
    await checkSmall(),
    await checkSmall({ gate: { margin: 0.06 } }),
    await checkSmall({ gate: { alpha: 0.01 } }),
    await checkSmall({ retention: [{ eval: smallEval('kept'), blocking: false }] }),
    await checkSmall({ retention: [smallEval('kept', { graded: true })] }),
    await checkSmall({ retention: [smallEval('kept', { expectedFlips: 0.2 })] }),
    await checkSmall({ arms: [{ name: 'sft', role: 'candidate', method: { ...SFT, steps: 11 } }] }),
    await checkSmall({ features: [smallEval('triage'), smallEval('refill')] }),
    await checkSmall({ seed: 1 }),
    await checkSmall({ budgets: { same: {} } }, { budget: 'same' }),
  ]
  const hashes = suites.map((suite) => suiteHash(suite, parts))
  expect(new Set(hashes).size).toBe(suites.length)
  const other = { base: 'b', evals: { kept: { cases: 'changed', graders: 'g' } } }
  expect(suiteHash(suites[0] as Suite, other)).not.toBe(hashes[0])
})
