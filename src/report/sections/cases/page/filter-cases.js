/**
 * @file The filter over the rows of the case browser.
 */
import { QUADRANTS } from './case-rows.js'

/**
 * @typedef {import('./read-payload.js').CasePayload} CasePayload
 * @typedef {import('./case-rows.js').CaseRows} CaseRows
 * @typedef {{ quadrants: Set<string>, eval: string, round: string, arm: string, tag: string, purpose: string, text: string }} CaseFilter
 */

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
