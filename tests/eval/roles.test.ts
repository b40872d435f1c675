import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CaseInput } from '../../src/eval/case.ts'
import { failureOf, loadWith } from './load.ts'

const row = (id: string, cluster?: string): CaseInput => ({
  id,
  input: `${id}?`,
  expected: id,
  ...(cluster === undefined ? {} : { cluster }),
})

test('loadEval() never changes the role of a case when others are added, whatever the shares', async () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 2, maxLength: 40 })
  const shares = fc.constantFrom({ train: 0.6, dev: 0.1, gate: 0.3 }, { gate: 1 }, { train: 1 / 3, dev: 1 / 3, gate: 1 / 3 }, undefined)
  await fc.assert(
    fc.asyncProperty(ids, fc.nat(39), shares, async (all, cut, roles) => {
      const some = all.slice(0, 1 + (cut % (all.length - 1)))
      const [few, many] = [
        await loadWith({ cases: some.map((id) => row(id)), roles }),
        await loadWith({ cases: all.toReversed().map((id) => row(id)), roles }),
      ]
      const known = new Map(many.cases.map((one) => [one.id, one.role]))
      expect(few.cases.map((one) => one.role)).toEqual(few.cases.map((one) => known.get(one.id)))
    }),
    { numRuns: 40 },
  )
})

test('loadEval() shares out by the shares of the eval and keeps a cluster together', async () => {
  const cases = Array.from({ length: 3000 }, (_, index) => row(`r${index}`))
  const loaded = await loadWith({ cases, roles: { train: 0.2, gate: 0.8 } })
  const share = (role: string): number => loaded.cases.filter((one) => one.role === role).length / 3000
  expect([share('train'), share('dev'), share('gate')].map((value) => Math.round(value * 20) / 20)).toEqual([0.2, 0, 0.8])
  const clustered = await loadWith({
    cases: cases.map((one, index) => row(one.id ?? '', `k${index % 7}`)),
    roles: { train: 0.5, gate: 0.5 },
  })
  for (let k = 0; k < 7; k++) expect(new Set(clustered.cases.filter((one) => one.cluster === `k${k}`).map((one) => one.role)).size).toBe(1)
})

test('loadEval() refuses shares that do not add up to 1', async () => {
  expect(await failureOf({ roles: { train: 0.5, gate: 0.4 } })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: roles: must add up to 1
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
  expect(await failureOf({ roles: { train: 0.5, twin: 0.5 } })).toContain('unknown member "twin"')
})
