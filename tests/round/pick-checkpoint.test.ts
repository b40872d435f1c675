import { describe, expect, test } from 'vitest'
import { simulateChoices } from '../../scripts/choice-simulation.ts'
import { pickCheckpoint as pickWithin } from '../../src/round/pick-checkpoint.ts'

type Measured = Parameters<typeof pickWithin>[0]

const pickCheckpoint = (checkpoints: Measured) => pickWithin(checkpoints, 0.02)

/** Checkpoints from a dev share and the differences of old evals `a`, `b`, ... to the parent; the first is the parent. 100 dev cases, margin 5 points. */
function measured(...rows: readonly (readonly [devPassShare: number, ...differences: (number | null)[]])[]): Measured {
  return rows.map(([devPassShare, ...differences], at) => ({
    ...{ step: at * 10, hash: `h${at}`, devPassShare, devStderr: 0.03, retainedPassShare: 0.9, klNewNats: null, klOldNats: null },
    old: differences.map((difference, i) => ({ eval: 'abc'[i] as string, cases: 100, ungraded: 0, score: 0.9, difference, margin: 0.05 })),
  }))
}

describe('pickCheckpoint()', () => {
  test('pickCheckpoint() takes the best on dev of those at which every old eval kept its own score', () => {
    const pick = pickCheckpoint(measured([0.1, 0, 0], [0.5, 0, 0], [0.7, -0.05, -0.05], [0.9, -0.06, 0]))
    expect(pick).toMatchObject({ checkpoint: { step: 20 }, eligible: true })
    expect(pick.reason).toBe(
      'step 20 has the best dev score of those at which every old eval kept its own; step 30 scores more and is not eligible: a -6.0 points of 100 dev cases (margin 5.0)',
    )
  })

  test('pickCheckpoint() does not let one wrecked eval hide in the mean of the others', () => {
    // As it was in one run: the last checkpoint had lost 12 points of one eval and 3 of all together; the gate then found 19.
    const pick = pickCheckpoint(measured([0, 0, 0, 0], [0.88, 0, 0, 0.01], [0.96, -0.12, 0.01, 0.02]))
    expect(pick.checkpoint.step).toBe(10)
  })

  test('pickCheckpoint() takes the earliest within one standard error of the best', () => {
    const pick = pickCheckpoint(measured([0, 0], [0.86, 0], [0.88, 0], [0.9, 0], [0.91, 0]))
    expect(pick.checkpoint.step).toBe(20)
    expect(pick.reason).toBe(
      'step 20 is the earliest within one standard error (3.0 points) of step 40, the best of those at which every old eval kept its own dev score',
    )
    expect(pickCheckpoint(measured([0, 0], [0.8, 0], [0.9, 0], [0.9, 0])).checkpoint.step).toBe(20)
  })

  test('pickCheckpoint() holds every eval to its own margin', () => {
    const [parent, first, last] = measured([0, 0, 0], [0.5, 0, 0], [0.9, -0.08, 0]) as [Measured[0], Measured[0], Measured[0]]
    const wide = { ...last, old: last.old?.map((one) => ({ ...one, margin: one.eval === 'a' ? 0.1 : 0.01 })) }
    expect(pickCheckpoint([parent, first, last]).checkpoint.step).toBe(10)
    expect(pickCheckpoint([parent, first, wide]).checkpoint.step).toBe(20)
  })

  test('pickCheckpoint() takes the one that goes least beyond a margin when none is eligible, and says so', () => {
    const pick = pickCheckpoint(measured([0, 0, 0], [0.9, -0.3, 0], [0.6, -0.06, -0.12], [0.7, -0.12, -0.02], [0.8, -0.12, 0]))
    expect(pick).toMatchObject({ checkpoint: { step: 20 }, eligible: false })
    expect(pick.reason).toBe(
      'no checkpoint kept every old eval within its margin on dev; step 20 goes least beyond: b -12.0 points of 100 dev cases (margin 5.0), a -6.0 points of 100 dev cases (margin 5.0)',
    )
  })

  test('pickCheckpoint() never takes the parent, however good', () => {
    expect(pickCheckpoint(measured([1, 0], [0, 0])).checkpoint.step).toBe(10)
  })

  test('pickCheckpoint() does not take what could not be compared for a loss', () => {
    expect(pickCheckpoint(measured([0, null], [0.9, null]))).toMatchObject({ checkpoint: { step: 10 }, eligible: true })
  })

  test('pickCheckpoint() passes over a checkpoint whose answers could not be graded, where there is another', () => {
    const [parent, first, last] = measured([0, 0], [0.5, 0], [0.99, 0]) as [Measured[0], Measured[0], Measured[0]]
    const unknownFeature = { ...last, devUngradedShare: 0.9 }
    expect(pickCheckpoint([parent, first, unknownFeature])).toMatchObject({ checkpoint: { step: 10 }, eligible: true })
    expect(pickCheckpoint([parent, first, unknownFeature]).reason).toContain('passed over, as too much could not be graded: step 20')
    const unknownOld = { ...last, old: last.old?.map((one) => ({ ...one, cases: 90, ungraded: 10 })) }
    expect(pickCheckpoint([parent, first, unknownOld]).checkpoint.step).toBe(10)
    expect(pickCheckpoint([parent, unknownOld]).checkpoint.step).toBe(20)
    expect(pickCheckpoint([parent, first, { ...last, devUngradedShare: 0.02 }]).checkpoint.step).toBe(20)
  })

  // Seeded; docs/decisions/2026-11-29-checkpoint-choice.md has the whole table.
  test('pickCheckpoint() rarely takes a wrecked checkpoint, at a small price where nothing is wrecked', () => {
    const training = { oldEvals: 4, devCases: 100, flips: 0.1 }
    const [own, pool] = (['own', 'pool'] as const).map((rule) => simulateChoices({ ...training, rule, wrecked: 0.12 }, 200).beyond)
    expect(own).toBeLessThan(0.45)
    expect(pool).toBeGreaterThan(0.85)
    expect(simulateChoices({ ...training, rule: 'own', wrecked: 0 }, 200).score).toBeGreaterThan(0.915)
  })
})
