/**
 * @file Rows of the case browser and the filter over them. A row is a case as one tuned model answered it, beside its parent's answer.
 * Columns are typed arrays: one pass over 100,000 rows takes a few milliseconds.
 */

/** @typedef {import('./read-payload.js').CasePayload} CasePayload */
/** What became of a case, in the order in which rows are listed. The repeats of a case are rows with one answer: it passes when at least half of them do. */
export const QUADRANTS = ['lost', 'gained', 'ungraded', 'never', 'kept']

/**
 * @typedef {{ payload: CasePayload, model: Uint16Array, item: Uint32Array, quadrant: Uint8Array, caseOf: Uint32Array }} CaseRows
 * @typedef {{ quadrants: Set<string>, eval: string, round: string, arm: string, tag: string, purpose: string, text: string }} CaseFilter
 */

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

/** Indices of the rows that pass the filter, and how many cases each quadrant would show. @param {CaseRows} rows @param {CaseFilter} filter */
export function filterCases(rows, filter) {
  const models = modelMask(rows.payload, filter)
  const items = itemMask(rows.payload, filter)
  const text = textMask(rows, filter.text)
  const { payload, model, item, quadrant } = rows
  const counts = QUADRANTS.map(() => 0)
  const wanted = QUADRANTS.map((name) => filter.quadrants.has(name))
  const result = new Uint32Array(model.length)
  const seen = rows.caseOf.some((lead, at) => lead !== at) ? new Set() : null
  let size = 0
  for (let row = 0; row < model.length; row++) {
    const [m, i] = [model[row], item[row]]
    if (models[m] === 0 || items[i] === 0) continue
    if (text !== null && text.items[i] === 0) {
      const parent = payload.models[m].parent ?? 0
      if (text.strings[payload.grades[m].output[i]] !== 1 && text.strings[payload.grades[parent].output[i]] !== 1) continue
    }
    const key = seen === null ? '' : `${m} ${rows.caseOf[i]}`
    if (seen?.has(key) !== true) counts[quadrant[row]] += 1
    seen?.add(key)
    if (wanted[quadrant[row]]) result[size++] = row
  }
  return { rows: result.subarray(0, size), counts }
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

/** @param {CasePayload} payload @param {CaseFilter} filter */
function modelMask(payload, filter) {
  const fits = (/** @type {string} */ wanted, /** @type {string | null} */ value) => wanted === '' || wanted === value
  return Uint8Array.from(payload.models, (model) => (fits(filter.round, model.round) && fits(filter.arm, model.arm) ? 1 : 0))
}

/** @param {CasePayload} payload @param {CaseFilter} filter */
function itemMask(payload, filter) {
  const { items } = payload
  const wantedEval = filter.eval === '' ? -1 : payload.evals.indexOf(filter.eval)
  const wantedPurpose = filter.purpose === '' ? -1 : payload.purposes.indexOf(filter.purpose)
  const wantedTag = payload.tags.indexOf(filter.tag)
  const tagged = payload.tagSets.map((set) => filter.tag === '' || set.includes(wantedTag))
  return Uint8Array.from(items.eval, (evalAt, at) => {
    const fits = (wantedEval === -1 || evalAt === wantedEval) && (wantedPurpose === -1 || items.purpose[at] === wantedPurpose)
    return fits && tagged[items.tagSet[at]] ? 1 : 0
  })
}

/** Which strings hold the text, and which items by their id, prompt or gold; null when there is no text to look for. @param {CaseRows} rows @param {string} text */
function textMask(rows, text) {
  const wanted = text.trim()
  if (wanted === '') return null
  const { strings, items } = rows.payload
  // Faster than lowering 100,000 strings first, and it needs no second copy of them.
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i')
  const found = new Uint8Array(strings.length)
  for (let at = 0; at < strings.length; at++) if (pattern.test(strings[at])) found[at] = 1
  const inItem = new Uint8Array(items.id.length)
  for (let at = 0; at < inItem.length; at++) {
    const known = found[items.id[at]] === 1 || found[items.gold[at]] === 1
    if (known || items.messages[at].some((message, part) => part % 2 === 1 && found[message] === 1)) inItem[at] = 1
  }
  return { strings: found, items: inItem }
}
