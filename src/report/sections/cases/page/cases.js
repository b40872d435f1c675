/**
 * @file Starts the case browser: reads the cases, fills the filters, joins filter, list and detail.
 */
import { make } from '../../../page/make-element.js'
import { visibleText } from '../../../page/visible-text.js'
import { caseDetail } from './case-detail.js'
import { caseList } from './case-list.js'
import { caseRows, QUADRANTS } from './case-rows.js'
import { filterCases } from './filter-cases.js'
import { readPayload } from './read-payload.js'

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id)
const FIELDS = ['eval', 'round', 'arm', 'tag', 'purpose']

/** @param {import('./read-payload.js').CasePayload} payload */
function startBrowser(payload) {
  const rows = caseRows(payload)
  /** @type {import('./filter-cases.js').CaseFilter} */
  const filter = { quadrants: new Set(['lost']), eval: '', round: '', arm: '', tag: '', purpose: 'gate', text: '' }
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.quadrants button'))]
  const list = caseList({ list: byId('case-list'), space: byId('case-space'), rows, onSelect: showDetail })

  function showDetail(/** @type {number | null} */ row) {
    const detail = byId('case-detail')
    if (row === null) return detail.replaceChildren(make('p', 'soft', 'No case fits these filters.'))
    detail.replaceChildren(walkButtons(), ...caseDetail(rows, row))
    detail.scrollTop = 0
  }

  function walkButtons() {
    const walk = [
      ['↑', -1, 'Previous case'],
      ['↓', 1, 'Next case'],
    ].map(([sign, by, title]) => {
      const button = make('button', '', String(sign))
      button.title = String(title)
      button.setAttribute('aria-label', String(title))
      button.addEventListener('click', () => list.move(Number(by)))
      return button
    })
    return make('div', 'walk', walk)
  }

  function apply() {
    const started = performance.now()
    const found = filterCases(rows, filter)
    buttons.forEach((button) => {
      const name = button.dataset['quadrant'] ?? ''
      button.setAttribute('aria-pressed', String(filter.quadrants.has(name)))
      const count = button.querySelector('.n')
      if (count !== null) count.textContent = found.counts[QUADRANTS.indexOf(name)].toLocaleString('en')
    })
    list.show(found.rows)
    const elapsed = performance.now() - started
    byId('case-count').textContent = `${found.rows.length.toLocaleString('en')} of ${rows.model.length.toLocaleString('en')} graded cases`
    byId('browser').dataset['filterMs'] = elapsed.toFixed(1)
  }

  function setFilter(/** @type {Partial<import('./filter-cases.js').CaseFilter>} */ change) {
    Object.assign(filter, change)
    for (const name of FIELDS) byId(`filter-${name}`).value = filter[/** @type {'eval'} */ (name)]
    byId('filter-text').value = filter.text
    apply()
  }

  fillFilters(payload)
  for (const name of FIELDS)
    byId(`filter-${name}`).addEventListener('change', (/** @type {any} */ event) => setFilter({ [name]: event.target.value }))
  let waiting = 0
  byId('filter-text').addEventListener('input', (/** @type {any} */ event) => {
    clearTimeout(waiting)
    waiting = setTimeout(() => setFilter({ text: event.target.value }), 60)
  })
  document.querySelector('.filters')?.addEventListener('submit', (event) => event.preventDefault())
  byId('filter-reset').addEventListener('click', () =>
    setFilter({ quadrants: new Set(['lost']), eval: '', round: '', arm: '', tag: '', purpose: 'gate', text: '' }),
  )
  for (const button of buttons)
    button.addEventListener('click', () => setFilter({ quadrants: toggled(filter.quadrants, button.dataset['quadrant'] ?? '') }))
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.count'))) {
    button.addEventListener('click', () => {
      const model = payload.models.find((each) => `${each.round}--${each.arm}` === button.dataset['model'])
      const place = { eval: button.dataset['eval'] ?? '', round: model?.round ?? '', arm: model?.arm ?? '' }
      setFilter({ ...place, quadrants: new Set([button.dataset['quadrant'] ?? 'lost']), tag: '', purpose: 'gate', text: '' })
      byId('cases').scrollIntoView()
      byId('case-list').focus({ preventScroll: true })
    })
  }
  byId('browser').hidden = false
  byId('browser-state').remove()
  setFilter({})
}

/** @param {Set<string>} set @param {string} name */
function toggled(set, name) {
  const next = new Set(set)
  if (!next.delete(name)) next.add(name)
  return next
}

/** @param {import('./read-payload.js').CasePayload} payload */
function fillFilters(payload) {
  const distinct = (/** @type {(string | null)[]} */ values) => [...new Set(values)].filter((value) => value !== null)
  const used = payload.purposes.filter((_, at) => payload.items.purpose.includes(at))
  byId('purpose-label').hidden = used.length < 2
  fill('eval', 'all', payload.evals)
  fill('round', 'all', distinct(payload.models.map((model) => model.round)))
  fill('arm', 'all', distinct(payload.models.map((model) => model.arm)))
  fill('tag', 'any', payload.tags.toSorted())
  fill('purpose', 'all', used)
}

/** @param {string} name @param {string} everything @param {string[]} values */
function fill(name, everything, values) {
  const option = (/** @type {string} */ value, /** @type {string} */ text) => Object.assign(make('option', '', text), { value })
  byId(`filter-${name}`).replaceChildren(option('', everything), ...values.map((value) => option(value, value)))
}

readPayload(byId('case-data')).then(startBrowser, (error) => {
  byId('browser-state').textContent = `The cases could not be read: ${visibleText(String(error))}`
})
