import { describe, expect, test } from 'vitest'
import { PLAIN, simulateRates } from '../../scripts/gate-simulation.ts'

// Seeded, so these shares are the same every time; the bounds are the nominal rate plus three standard errors.
describe('judgeRound() on simulated lineages', () => {
  test('judgeRound() raises a false alarm in at most 5 % of lineages that lost nothing, where a plain comparison nearly always does', () => {
    const rates = simulateRates({ ...PLAIN, cases: 200, rounds: 3, oldEvals: () => 10, flips: 0.2, anchored: true }, 150)
    expect(rates.regressedPerLineage).toBeLessThan(0.05 + 3 * 0.018)
    expect(rates.droppedPerLineage).toBeGreaterThan(0.99)
  })

  test.each([
    { clusterSize: 1, correlation: 0 },
    { clusterSize: 3, correlation: 0.5 },
    { clusterSize: 3, correlation: 0.9 },
  ])('judgeRound() calls at most 5 % of evals HELD at a true loss of the margin in clusters of $clusterSize', (clusters) => {
    const { heldPerEval } = simulateRates({ ...PLAIN, cases: 300, flips: 0.1, loss: 0.05, ...clusters }, 150)
    expect(heldPerEval).toBeLessThan(0.05 + 3 * 0.008)
    expect(heldPerEval).toBeGreaterThan(0.015)
  })

  test.each([0.06, 0.1, 0.2])('judgeRound() keeps to 5 % with 40 clusters that move together at %f flips', (flips) => {
    // With the design effect of the changes that were seen this was 10 %.
    const together = { ...PLAIN, flips, loss: 0.05, clusterSize: 15, correlation: 0.9 }
    expect(simulateRates(together, 120).heldPerEval).toBeLessThan(0.05 + 3 * 0.009)
  })

  test('judgeRound() accepts most harmless rounds with 600 cases at 10 % flips and few with 150', () => {
    expect(simulateRates(PLAIN, 60).acceptedByRound[0]).toBeGreaterThan(0.85)
    expect(simulateRates({ ...PLAIN, cases: 150 }, 60).acceptedByRound[0]).toBeLessThan(0.2)
  })
})
