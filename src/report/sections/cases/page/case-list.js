/**
 * @file The list of cases: only the rows in view exist as elements, so 100,000 cases scroll as fast as ten. Works by keyboard.
 */
import { make } from '../../../page/make-element.js'
import { QUADRANTS } from './case-rows.js'

const ROW_PX = 52
const SIGNS = ['1→0', '0→1', '!', '0→0', '1→1']

/**
 * @param {{ list: HTMLElement, space: HTMLElement, rows: import('./case-rows.js').CaseRows, onSelect: (row: number | null) => void }} parts
 * @returns {{ show: (rows: Uint32Array) => void, move: (by: number) => void }}
 */
export function caseList({ list, space, rows, onSelect }) {
  let shown = new Uint32Array(0)
  let selected = -1
  let drawn = ''

  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_PX) - 4)
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_PX) + 4)
    const key = `${first} ${last} ${selected}`
    if (key === drawn) return
    drawn = key
    space.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, offset) => rowElement(first + offset)))
    if (selected >= 0) list.setAttribute('aria-activedescendant', `case-${selected}`)
    else list.removeAttribute('aria-activedescendant')
  }

  const rowElement = (/** @type {number} */ position) => {
    const row = shown[position]
    const { payload } = rows
    const model = payload.models[rows.model[row]]
    const item = rows.item[row]
    const quadrant = rows.quadrant[row]
    const at = [payload.evals[payload.items.eval[item]], model.round, model.arm].join(' · ')
    const element = make('div', 'row', [
      make('span', `q q-${QUADRANTS[quadrant]}`, SIGNS[quadrant]),
      make('span', 'id', payload.strings[payload.items.id[item]]),
      make('span', 'at', at),
    ])
    element.id = `case-${position}`
    element.setAttribute('role', 'option')
    element.setAttribute('aria-selected', String(position === selected))
    element.setAttribute('aria-setsize', String(shown.length))
    element.setAttribute('aria-posinset', String(position + 1))
    element.style.top = `${position * ROW_PX}px`
    element.addEventListener('click', () => select(position))
    return element
  }

  const select = (/** @type {number} */ position) => {
    selected = shown.length === 0 ? -1 : Math.max(0, Math.min(shown.length - 1, position))
    const top = selected * ROW_PX
    if (selected >= 0 && top < list.scrollTop) list.scrollTop = top
    if (top + ROW_PX > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_PX - list.clientHeight
    draw()
    onSelect(selected < 0 ? null : shown[selected])
  }

  const page = () => Math.max(1, Math.floor(list.clientHeight / ROW_PX) - 1)
  list.addEventListener('scroll', draw, { passive: true })
  addEventListener('resize', draw)
  list.addEventListener('keydown', (event) => {
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page(), PageUp: -page(), Home: -shown.length, End: shown.length }
    const by = moves[event.key]
    if (by === undefined) return
    event.preventDefault()
    select(selected + by)
  })

  return {
    show: (found) => {
      shown = found
      drawn = ''
      space.style.height = `${found.length * ROW_PX}px`
      list.scrollTop = 0
      select(0)
    },
    move: (by) => select(selected + by),
  }
}
