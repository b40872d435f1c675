import { expect, test } from 'vitest'
import { PLAIN, simulateRates } from '../../scripts/gate-simulation.ts'
import { judgeGateSize } from '../../src/gate/gate-size.ts'

const set = {
  evalName: 'refill',
  clusterSizes: [1],
  clusterCorrelation: 0.25,
  margin: 0.05,
  expectedFlips: 0.1,
  test: 'tango',
  comparisons: 1,
  alpha: 0.05,
  power: 0.85,
  casesPath: 'evals/refill/cases.jsonl',
} as const

// Seeded. The bound is the promise less three standard errors.
test.each([
  { comparisons: 1, flips: 0.1, clusterSize: 1 },
  { comparisons: 5, flips: 0.1, clusterSize: 1 },
  { comparisons: 10, flips: 0.02, clusterSize: 1 },
  { comparisons: 2, flips: 0.02, clusterSize: 3 },
  { comparisons: 5, flips: 0.1, clusterSize: 3 },
])(
  'judgeGateSize() keeps its promise: $comparisons evals, $flips flips, clusters of $clusterSize',
  ({ comparisons, flips, clusterSize }) => {
    const clusterSizes = Array.from({ length: 100 }, () => clusterSize)
    const { neededN } = judgeGateSize({ ...set, comparisons, expectedFlips: flips, clusterSizes })
    const cases = Math.ceil(neededN / clusterSize) * clusterSize
    const together = { clusterSize, correlation: clusterSize === 1 ? 0 : 0.5 }
    const { acceptedByRound } = simulateRates({ ...PLAIN, ...together, cases, flips, oldEvals: () => comparisons }, 120)
    expect(acceptedByRound[0]).toBeGreaterThan(0.85 - 3 * 0.033)
  },
)
