import { expect, test } from 'vitest'
import type { CasePayload } from '../../../../../src/report/sections/cases/data.ts'
import { pageModule } from '../../../page/page-module.ts'
import type { CaseFilter } from '../../../page/page-module.ts'
import { payloadOf } from '../case-payload.ts'

const { caseRows, QUADRANTS } = await pageModule('case-rows')
const { filterCases } = await pageModule('filter-cases')

const ALL: CaseFilter = { quadrants: new Set(QUADRANTS), eval: '', round: '', arm: '', tag: '', purpose: '', text: '' }

test('filterCases() finds what a plain search over all rows finds', async () => {
  const payload = await payloadOf({ arms: ['sft', 'sft-hot'], gateCases: 60 })
  const rows = caseRows(payload)
  const filter: CaseFilter = {
    ...ALL,
    quadrants: new Set(['lost']),
    eval: 'general-json',
    arm: 'sft-hot',
    tag: 'metformin',
    text: 'METFORMIN',
  }
  const found = filterCases(rows, filter)
  const expected = [...rows.model].flatMap((model, row) => {
    const item = rows.item[row] ?? 0
    const tags = (payload.tagSets[payload.items.tagSet[item] ?? 0] ?? []).map((tag) => payload.tags[tag])
    const fits =
      payload.evals[payload.items.eval[item] ?? 0] === 'general-json' &&
      payload.models[model]?.arm === 'sft-hot' &&
      tags.includes('metformin')
    const [before, after] = [payload.grades[payload.models[model]?.parent ?? 0]?.pass[item], payload.grades[model]?.pass[item]]
    return fits && before === '1' && after === '0' ? [row] : []
  })
  expect(expected.length).toBeGreaterThan(0)
  expect([...found.rows]).toEqual(expected)
  expect(found.counts[0]).toBe(expected.length)
})

test('caseRows() takes the repeats of a case for one case, as the gate does, and filterCases() counts it once', () => {
  // Four repeats each: a tie stays passed, one of four is lost, a case that no repeat could compare is ungraded.
  const passes = { base: '1111 1111 1110 1e1e'.replaceAll(' ', ''), tuned: '1100 1000 0111 e1e1'.replaceAll(' ', '') }
  const item = (list: readonly number[]): number[] => list.flatMap((value) => [value, value, value, value])
  const zeros = item([0, 0, 0, 0])
  const model = { arm: 'sft', role: 'candidate', outcome: 'BLOCKED', counted: [0] } as const
  const payload: CasePayload = {
    ...{ v: 1, purposes: ['gate'], evals: ['refill'], tags: [], tagSets: [[]], strings: ['tie', 'lost', 'kept', 'ungraded', 'text'] },
    models: [
      { round: null, arm: null, role: null, outcome: null, counted: [], parent: null },
      { ...model, round: '01', parent: 0 },
    ],
    items: {
      ...{ eval: zeros, purpose: zeros, id: item([0, 1, 2, 3]), tagSet: zeros, gold: zeros.map(() => 4) },
      ...{ repeat: zeros.map((_, at) => at % 4), messages: zeros.map(() => []) },
    },
    grades: [passes.base, passes.tuned].map((pass) => ({ pass, output: zeros.map(() => 4), trace: zeros.map(() => 4) })),
  }
  const { rows, counts } = filterCases(caseRows(payload), { ...ALL, quadrants: new Set(['lost']) })
  expect(rows.length).toBe(4)
  expect(Object.fromEntries(QUADRANTS.map((name, at) => [name, counts[at]]))).toEqual({
    lost: 1,
    gained: 0,
    ungraded: 1,
    never: 0,
    kept: 2,
  })
})

test('filterCases() searches outputs of candidate and parent', async () => {
  const rows = caseRows(await payloadOf({ arms: ['sft-hot'] }))
  const found = filterCases(rows, { ...ALL, text: 'Sure! Here is' }).rows
  const { payload } = rows
  const held = [...rows.model].filter((model, row) => {
    const item = rows.item[row] ?? 0
    return [model, payload.models[model]?.parent ?? 0].some((at) =>
      payload.strings[payload.grades[at]?.output[item] ?? 0]?.startsWith('Sure!'),
    )
  })
  expect(found.length).toBe(held.length)
  expect(found.length).toBeGreaterThan(0)
})
