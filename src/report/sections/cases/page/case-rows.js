/**
 * @file Rows of the case browser. A row is a case as one tuned model answered it, beside its parent's answer. Columns are typed arrays: one pass
 * over 100,000 rows takes a few milliseconds.
 */

/** @typedef {import('./read-payload.js').CasePayload} CasePayload */
/** @typedef {{ payload: CasePayload, model: Uint16Array, item: Uint32Array, quadrant: Uint8Array, caseOf: Uint32Array }} CaseRows */

/** What became of a case, in the order in which rows are listed. The repeats of a case are rows with one answer: it passes when at least half of them do. */
export const QUADRANTS = ['lost', 'gained', 'ungraded', 'never', 'kept']

/** All rows: by quadrant, then candidates before controls, evals that counted in the round before others, then round, arm and case. @param {CasePayload} payload @returns {CaseRows} */
export function caseRows(payload) {
  /** @type {{ at: number, item: number, group: number }[][]} */
  const groups = Array.from({ length: QUADRANTS.length * 4 }, () => [])
  const cases = repeatedCases(payload)
  for (const at of modelOrder(payload)) {
    const model = payload.models[at]
    const [after, before] = [payload.grades[at].pass, payload.grades[model.parent ?? 0].pass]
    const control = model.role === 'control' ? 2 : 0
    const quadrants = caseQuadrants(cases, { before, after })
    const counted = payload.evals.map((_, index) => (model.counted.includes(index) ? 0 : 1))
    for (let item = 0; item < after.length; item++) {
      if (after[item] === '-') continue
      const group =
        (quadrants.get(cases.of[item]) ?? quadrantOf(before[item], after[item])) * 4 + control + counted[payload.items.eval[item]]
      groups[group].push({ at, item, group })
    }
  }
  const sorted = groups.flat()
  return {
    payload,
    model: Uint16Array.from(sorted, (row) => row.at),
    item: Uint32Array.from(sorted, (row) => row.item),
    quadrant: Uint8Array.from(sorted, (row) => row.group >> 2),
    caseOf: cases.of,
  }
}

/** The items of each case that was asked more than once, and for every item its case. @param {CasePayload} payload */
function repeatedCases({ items }) {
  const of = new Uint32Array(items.id.length)
  /** @type {Map<number, number[]>} */
  const repeats = new Map()
  /** @type {Map<string, number>} */
  const first = new Map()
  for (let item = 0; item < of.length; item++) {
    const key = `${items.eval[item]} ${items.purpose[item]} ${items.id[item]}`
    const known = first.get(key)
    of[item] = known ?? item
    if (known === undefined) first.set(key, item)
    else repeats.set(known, [...(repeats.get(known) ?? [known]), item])
  }
  return { of, repeats }
}

/** What became of the repeated cases, over the repeats that both sides could grade. @param {ReturnType<typeof repeatedCases>} cases @param {{ before: string, after: string }} passes */
function caseQuadrants({ repeats }, { before, after }) {
  /** @type {Map<number, number>} */
  const quadrants = new Map()
  for (const [lead, items] of repeats) {
    const usable = items.filter((item) => '01'.includes(before[item]) && '01'.includes(after[item]))
    const passed = (/** @type {string} */ passes) => (2 * usable.filter((item) => passes[item] === '1').length >= usable.length ? '1' : '0')
    quadrants.set(lead, usable.length === 0 ? 2 : quadrantOf(passed(before), passed(after)))
  }
  return quadrants
}

/** @param {string} before @param {string} after */
function quadrantOf(before, after) {
  if (before === '1') return after === '0' ? 0 : after === '1' ? 4 : 2
  if (before === '0') return after === '1' ? 1 : after === '0' ? 3 : 2
  return 2
}

/** @param {CasePayload} payload */
function modelOrder(payload) {
  const tuned = payload.models.flatMap((model, at) => (model.round === null ? [] : [{ model, at }]))
  const key = (/** @type {{ model: import('./read-payload.js').PackedModel }} */ { model }) =>
    `${model.role === 'control' ? 1 : 0} ${model.round}`
  return tuned.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.at - b.at)).map(({ at }) => at)
}
