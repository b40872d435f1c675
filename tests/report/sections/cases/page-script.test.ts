import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packCases } from '../../../../src/report/sections/cases/data.ts'
import type { CasePayload } from '../../../../src/report/sections/cases/data.ts'
import { traceLineages } from '../../../../src/report/lineage.ts'
import { readRecordedRun } from '../../../../src/report/recorded-run.ts'
import { visibleText } from '../../../../src/report/visible-text.ts'
import { pageModule } from './page-module.ts'
import type { CaseFilter } from './page-module.ts'
import { temporaryRun } from '../../temporary-run.ts'

const { caseRows, filterCases, QUADRANTS } = await pageModule('filter-cases')
const { wordDiff, worthMarking } = await pageModule('word-diff')
const page = await pageModule('visible-text')

const ALL: CaseFilter = { quadrants: new Set(QUADRANTS), eval: '', round: '', arm: '', tag: '', purpose: '', text: '' }

async function payloadOf(options: Parameters<typeof temporaryRun>[0]): Promise<CasePayload> {
  const run = await readRecordedRun(temporaryRun(options))
  return packCases(run, traceLineages(run))
}

test('caseRows() lists lost cases of candidate arms before those of controls, and 1→1 last', async () => {
  const rows = caseRows(await payloadOf({ arms: ['sft-hot', 'sft'] }))
  expect([...rows.quadrant].every((quadrant, at, all) => at === 0 || quadrant >= (all[at - 1] ?? 0))).toBe(true)
  const lost = [...rows.quadrant].flatMap((quadrant, at) => (quadrant === 0 ? [rows.payload.models[rows.model[at] ?? 0]?.role] : []))
  expect(lost.indexOf('control')).toBe(lost.lastIndexOf('candidate') + 1)
})

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

test('wordDiff() gives both texts back whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const parts = wordDiff(before, after)
      const side = (kind: string): string => parts.map((part) => (part.kind === 'both' || part.kind === kind ? part.text : '')).join('')
      expect(side('before')).toBe(before)
      expect(side('after')).toBe(after)
    }),
  )
})

test('wordDiff() marks the changed word only', () => {
  expect(wordDiff('take 10 mg daily', 'take 20 mg daily')).toEqual([
    { kind: 'both', text: 'take ' },
    { kind: 'before', text: '10' },
    { kind: 'after', text: '20' },
    { kind: 'both', text: ' mg daily' },
  ])
})

test('worthMarking() refuses marks on texts that share almost nothing', () => {
  expect(worthMarking(wordDiff('{"drug": "metformin"}', 'I am happy to help, "metfo"'))).toBe(false)
  expect(worthMarking(wordDiff('take 10 mg daily', 'take 20 mg daily'))).toBe(true)
})

test('visibleText() shows steering characters by code, in the page as in the templates', () => {
  expect(visibleText('a\u202eb\u0000\n\tc\u200f')).toBe('a⟨U+202E⟩b⟨U+0000⟩\n\tc⟨U+200F⟩')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => page.visibleText(text) === visibleText(text)))
  // Where it matters what stands beside a character.
  const beside = [
    ...['\u200c', '\u200d', '\ufe0f', '\ufe01', '\u20e3', '\u{e0100}', '\u{e0067}', '\u{e0062}', '\u{e0065}', '\u{e006e}', '\u{e007f}'],
    ...['👩', '🏽', '🏴', '❤', '1', 'a', 'م', 'ی', 'क', '\u094d', '葛', '\u1820', '\u180b', '\u00ad', '\u061c', '\u3164', '\ud83d'],
  ]
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...beside) }), (text) => page.visibleText(text) === visibleText(text)),
    { numRuns: 500 },
  )
})
