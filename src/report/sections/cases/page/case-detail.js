/**
 * @file One case in full: prompt, gold, both outputs with their difference, the grader's trace, and how it fared over the rounds.
 * Everything is put in as text, never as markup: prompts and outputs are untrusted.
 */
import { make } from '../../../page/make-element.js'
import { visibleText } from '../../../page/visible-text.js'
import { QUADRANTS } from './case-rows.js'
import { wordDiff, worthMarking } from './word-diff.js'

/** @typedef {import('./case-rows.js').CaseRows} CaseRows */
const QUADRANT_WORDS = [
  'passed with its parent, fails now',
  'failed with its parent, passes now',
  'could not be graded on both sides',
  'failed before and after',
  'passed before and after',
]
/** @type {Record<string, [string, string]>} */
const PASS_WORDS = { 1: ['✓', 'passed'], 0: ['✕', 'failed'], e: ['!', 'not graded'], '-': ['·', 'not asked'] }

/** The parts of one row's detail. @param {CaseRows} rows @param {number} row @returns {Node[]} */
export function caseDetail(rows, row) {
  const { payload } = rows
  const [at, item] = [rows.model[row], rows.item[row]]
  const model = payload.models[at]
  const parentAt = model.parent ?? 0
  const [after, before] = [payload.grades[at], payload.grades[parentAt]]
  const text = (/** @type {number} */ index) => (index < 0 ? null : payload.strings[index])
  const tags = payload.tagSets[payload.items.tagSet[item]].map((tag) => payload.tags[tag])
  const where = [payload.evals[payload.items.eval[item]], model.round, model.arm].join(' · ')
  const repeat = payload.items.repeat[item]
  return [
    make('h3', '', payload.strings[payload.items.id[item]] + (repeat > 0 ? ` (repeat ${repeat + 1})` : '')),
    make('p', 'soft small', `${where}${tags.length === 0 ? '' : ` · ${tags.join(', ')}`}`),
    make('p', `q-${QUADRANTS[rows.quadrant[row]]}`, [make('b', '', QUADRANT_WORDS[rows.quadrant[row]])]),
    history(payload, at, item),
    make('h4', '', 'Prompt'),
    ...messages(payload.items.messages[item].map((index) => payload.strings[index])),
    make('h4', '', 'Gold'),
    textBlock(text(payload.items.gold[item])),
    ...outputs([text(before.output[item]), text(after.output[item])], [modelName(payload, parentAt), modelName(payload, at)]),
    make('h4', '', 'Grader trace'),
    trace([text(before.trace[item]), text(after.trace[item])]),
  ]
}

/** @param {CaseRows['payload']} payload @param {number} at */
function modelName(payload, at) {
  const model = payload.models[at]
  return model.round === null ? 'base' : `${model.round} · ${model.arm}`
}

/** @param {string[]} parts role and content in turn */
function messages(parts) {
  if (parts.length === 0) return [textBlock(null)]
  return parts.flatMap((part, at) => (at % 2 === 0 ? [make('div', 'message', [make('span', '', part), textBlock(parts[at + 1])])] : []))
}

/** @param {string | null} text */
function textBlock(text) {
  const block = make(
    'pre',
    text === null || text === '' ? 'text empty' : 'text',
    text === null ? 'not recorded' : text === '' ? 'empty' : text,
  )
  block.dir = 'auto'
  return block
}

/** @param {(string | null)[]} texts @param {string[]} names before and after */
function outputs([before, after], [beforeName, afterName]) {
  const parts = wordDiff(before ?? '', after ?? '')
  const marked = before !== null && after !== null && worthMarking(parts)
  const columns = [
    [`Parent’s output (${beforeName})`, before, 'before', 'del'],
    [`Candidate’s output (${afterName})`, after, 'after', 'ins'],
  ].map(([title, text, side, mark]) => {
    const block = textBlock(text)
    if (marked && text !== '') block.replaceChildren(...diffNodes(parts, side, mark))
    return make('div', '', [make('h4', '', title), block])
  })
  return [make('div', 'pair', columns)]
}

/** @param {import('./word-diff.js').DiffPart[]} parts @param {string} side @param {string} mark */
function diffNodes(parts, side, mark) {
  return parts
    .filter((part) => part.kind === 'both' || part.kind === side)
    .map((part) => (part.kind === 'both' ? document.createTextNode(visibleText(part.text)) : make(mark, '', part.text)))
}

/** @param {CaseRows['payload']} payload @param {number} at @param {number} item */
function history(payload, at, item) {
  const arm = payload.models[at].arm
  const entries = payload.models.flatMap((model, index) => {
    if (model.round !== null && model.arm !== arm) return []
    const pass = payload.grades[index].pass[item]
    const [symbol, word] = PASS_WORDS[pass]
    const entry = make('li', index === at ? 'now' : '', [
      make('span', `p${pass}`, symbol),
      document.createTextNode(` ${visibleText(model.round ?? 'base')}`),
    ])
    entry.title = `${word}${model.outcome === null ? '' : `; round ${model.outcome.toLowerCase()}`}`
    return [entry]
  })
  return make('ol', 'history', entries)
}

/** @param {(string | null)[]} traces of parent and candidate, as JSON */
function trace(traces) {
  const [before, after] = traces.map((text) => flatten(text === null ? {} : JSON.parse(text)))
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  const rows = keys.map((key) => {
    const [old, now] = [before.get(key) ?? '–', after.get(key) ?? '–']
    return make('tr', old === now ? '' : 'differs', [make('th', '', key), make('td', '', old), make('td', '', now)])
  })
  const head = make('tr', '', [make('th', '', ''), make('th', '', 'parent'), make('th', '', 'candidate')])
  return make('table', 'trace', [make('thead', '', [head]), make('tbody', '', rows)])
}

/** @param {Record<string, unknown>} value @param {string} [prefix] @returns {Map<string, string>} */
function flatten(value, prefix = '') {
  /** @type {Map<string, string>} */
  const lines = new Map()
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null) continue
    if (typeof inner === 'object')
      for (const [name, text] of flatten(/** @type {Record<string, unknown>} */ (inner), `${prefix}${key}.`)) lines.set(name, text)
    else lines.set(`${prefix}${key}`, typeof inner === 'number' ? String(Number(inner.toFixed(4))) : String(inner))
  }
  return lines
}
