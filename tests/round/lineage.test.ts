import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import type { GradeSet } from '../../src/round/grade-set.ts'
import { Lineage, type FinishedRound, type RoundOutcome } from '../../src/round/lineage.ts'

/** Grades of which only the passes matter here. */
const records = (passes: readonly boolean[]): GradeRecord[] => passes.map((pass) => ({ pass }) as GradeRecord)
const gradesOf = (passed: { kept: number; one: number; two: number }): GradeSet =>
  new Map(Object.entries(passed).map(([name, count]) => [name, records([0, 1, 2, 3].map((index) => index < count))]))

const base = gradesOf({ kept: 3, one: 0, two: 0 })
const newLineage = (): Lineage => new Lineage({ name: 'sft', role: 'candidate' }, base, ['kept'])
const finished = (feature: string, outcome: RoundOutcome, grades: GradeSet | null): FinishedRound => ({
  ...{ round: `r-${feature}`, feature, outcome, grades },
  adapter: grades === null ? null : { directory: join('/runs/x/rounds', feature), hash: feature, devScore: 0.9 },
})

test('Lineage starts at the base, with retention evals anchored there', () => {
  const lineage = newLineage()
  expect([lineage.parent, lineage.acceptedFeatures]).toEqual([null, []])
  const { parent, anchors, best } = lineage.baselines()
  expect([parent, [...anchors.keys()], best.get('kept')]).toEqual([base, ['kept'], base.get('kept')])
})

test('Lineage keeps the dev scores of accepted candidates only: they are the anchors of their features', () => {
  const lineage = newLineage()
  lineage.add(finished('one', 'ACCEPTED', gradesOf({ kept: 2, one: 4, two: 1 })))
  lineage.add(finished('two', 'BLOCKED', gradesOf({ kept: 4, one: 4, two: 4 })))
  expect([...lineage.anchorScores]).toEqual([['one', 0.9]])
})

test('Lineage moves parent, anchor and best with an accepted round only', () => {
  const lineage = newLineage()
  const first = gradesOf({ kept: 2, one: 4, two: 1 })
  lineage.add(finished('one', 'ACCEPTED', first))
  for (const outcome of ['BLOCKED', 'INCONCLUSIVE'] as const) lineage.add(finished('two', outcome, gradesOf({ kept: 4, one: 4, two: 4 })))
  lineage.add(finished('two', 'LOST', null))
  expect([lineage.parent?.hash, lineage.acceptedFeatures, lineage.rounds.length]).toEqual(['one', ['one'], 4])
  const { parent, anchors, best } = lineage.baselines()
  expect(parent).toBe(first)
  expect(anchors.get('one')).toBe(first.get('one'))
  expect(anchors.get('kept')).toBe(base.get('kept'))
  expect([best.get('kept'), best.get('two')]).toEqual([base.get('kept'), first.get('two')])
})

test('Lineage keeps a feature anchored in its own round when later rounds are accepted', () => {
  const lineage = newLineage()
  const first = gradesOf({ kept: 3, one: 4, two: 0 })
  const second = gradesOf({ kept: 3, one: 3, two: 4 })
  lineage.add(finished('one', 'ACCEPTED', first))
  lineage.add(finished('two', 'ACCEPTED', second))
  const { parent, anchors } = lineage.baselines()
  expect(parent).toBe(second)
  expect([anchors.get('one'), anchors.get('two')]).toEqual([first.get('one'), second.get('two')])
})

test('Lineage records adapters by their path inside the run directory', () => {
  const lineage = newLineage()
  lineage.add(finished('one', 'BLOCKED', base))
  lineage.add(finished('two', 'LOST', null))
  expect(lineage.toRecord('/runs/x')).toEqual({
    arm: 'sft',
    role: 'candidate',
    rounds: [
      { round: 'r-one', feature: 'one', outcome: 'BLOCKED', adapter: 'rounds/one' },
      { round: 'r-two', feature: 'two', outcome: 'LOST', adapter: null },
    ],
  })
})
