/**
 * @file The cases of one clinic feature. A combination of entities (patient and drug, …) belongs to one role; a twin repeats a gate or dev case in other
 * words, or with another number; twins of dev cases are what a training is watched by. Templates are shared by all roles: what is tested is new combinations, not new wordings.
 */
import type { SeededRandom } from '../../src/base/seeded-random.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import type { ClinicFeature, Situation } from '../../models/nano/pretraining/clinic/clinic-feature.ts'
import { splitOf } from '../../models/nano/pretraining/clinic/clinic-feature.ts'
import { fill } from '../../models/nano/pretraining/skill.ts'
import { rowId } from './row.ts'
import type { Row, RowRole } from './row.ts'

const COUNTS = { train: 1500, dev: 240, gate: 600 } as const
const TWINS = { gate: 200, dev: 100 } as const

interface Worded {
  readonly situation: Situation
  readonly template: number
}

/** All rows of a feature, in the order train, dev, gate, twin. */
export function featureRows(feature: ClinicFeature, seed: number): Row[] {
  const random = seededRandom(seed, 'cases', feature.name)
  const inputs = new Set<string>()
  const rows: Row[] = []
  const originals = { gate: [] as Worded[], dev: [] as Worded[] }
  const add = (role: RowRole, index: number, worded: Worded, twinOf?: string): boolean => {
    const row = rowOf(feature, worded, { role, index, ...(twinOf === undefined ? {} : { twinOf }) })
    if (inputs.has(JSON.stringify(row.input))) return false
    inputs.add(JSON.stringify(row.input))
    rows.push(row)
    return true
  }
  for (const [role, count] of Object.entries(COUNTS) as ['train' | 'dev' | 'gate', number][]) {
    for (let index = 0; index < count;) {
      const worded = { situation: drawFrom(role, feature, random), template: random.integer(feature.templates.length) }
      if (!add(role, index, worded)) continue
      if (role !== 'train') originals[role].push(worded)
      index++
    }
  }
  let twins = 0
  for (const [role, count] of Object.entries(TWINS) as ['gate' | 'dev', number][]) {
    for (let index = 0; index < count;) {
      const place = { original: originals[role][index] as Worded, role }
      const twin = index % 2 === 0 ? reworded(feature, place.original, random) : renumbered(feature, place, random)
      if (!add('twin', twins, twin, rowId(feature.name, role, index))) continue
      index++
      twins++
    }
  }
  return rows
}

function drawFrom(role: 'train' | 'dev' | 'gate', feature: ClinicFeature, random: SeededRandom): Situation {
  let situation = feature.draw(random)
  while (splitOf(situation.combination) !== role) situation = feature.draw(random)
  return situation
}

function reworded(feature: ClinicFeature, { situation, template }: Worded, random: SeededRandom): Worded {
  const step = 1 + random.integer(feature.templates.length - 1)
  return { situation, template: (template + step) % feature.templates.length }
}

/** Another number in the same words; other words where no such combination belongs to the same role. */
function renumbered(feature: ClinicFeature, { original, role }: { original: Worded; role: 'gate' | 'dev' }, random: SeededRandom): Worded {
  for (let tries = 0; tries < 100; tries++) {
    const varied = feature.vary(original.situation, random)
    if (splitOf(varied.combination) === role) return { situation: varied, template: original.template }
  }
  return reworded(feature, original, random)
}

function rowOf(
  feature: ClinicFeature,
  { situation, template }: Worded,
  place: { readonly role: RowRole; readonly index: number; readonly twinOf?: string },
): Row {
  const message = fill(feature.templates[template] as string, situation.values)
  const today = situation.values['today']
  const wording = `wording-${String(template + 1).padStart(2, '0')}`
  return {
    id: rowId(feature.name, place.role, place.index),
    role: place.role,
    input: today === undefined ? { message } : { today, message },
    expected: situation.expected,
    tags: [wording],
    cluster: `${wording}, ${situation.entity}`,
    ...(place.twinOf === undefined ? {} : { twinOf: place.twinOf }),
  }
}
