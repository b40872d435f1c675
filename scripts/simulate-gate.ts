/**
 * @file Prints the gate's error rates on simulated lineages, and those of the choice of checkpoints: `npm run simulate:gate [lineages]`. Seeded, so two
 * runs print the same.
 */
import { CHOICE_RULES, simulateChoices } from './choice-simulation.ts'
import { PLAIN, simulateRates } from './gate-simulation.ts'
import type { Scenario, SimulatedRates } from './gate-simulation.ts'
import { CHANGE_KINDS, gradedHeldShare } from './graded-simulation.ts'
import { judgeGateSize } from '../src/gate/gate-size.ts'

const lineages = Number(process.argv[2] ?? 150)
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8)

function row(label: string, changes: Partial<Scenario>, show: (rates: SimulatedRates) => string): void {
  console.log(`  ${label.padEnd(62)}${show(simulateRates({ ...PLAIN, ...changes }, lineages))}`)
}

console.log(`${lineages} lineages a line; standard error of a share of 5 % is ${percent(Math.sqrt((0.05 * 0.95) / lineages)).trim()}`)

console.log('\nfalse alarms: some old eval REGRESSED in a lineage that lost nothing (beside it: some score dropped at all)')
for (const flips of [0.03, 0.1, 0.2]) {
  for (const cluster of [
    { clusterSize: 1, correlation: 0 },
    { clusterSize: 3, correlation: 0.5 },
  ]) {
    const label = `10 old evals, 4 rounds, 600 cases, ${percent(flips).trim()} flips, clusters of ${cluster.clusterSize}`
    const lineage = { oldEvals: () => 10, rounds: 4, anchored: true, flips, ...cluster }
    row(label, lineage, (rates) => `${percent(rates.regressedPerLineage)}   (${percent(rates.droppedPerLineage).trim()})`)
  }
}

console.log('\nfalse HELD: old evals called HELD at a true loss of the margin')
for (const flips of [0.06, 0.1, 0.2]) {
  row(`600 cases, ${percent(flips).trim()} flips`, { loss: 0.05, flips }, (rates) => percent(rates.heldPerEval))
  const clusters = { loss: 0.05, flips, clusterSize: 3, correlation: 0.5 }
  row(`600 cases in 200 clusters that half agree, ${percent(flips).trim()} flips`, clusters, (rates) => percent(rates.heldPerEval))
}

console.log('\nfalse HELD at a true loss of the margin, clusters that move together, 600 cases')
for (const [clusterSize, correlation] of [
  [3, 0.9],
  [6, 0.7],
  [15, 0.7],
  [15, 0.9],
] as const) {
  for (const flips of [0.06, 0.1, 0.2]) {
    const label = `${600 / clusterSize} clusters of ${clusterSize}, ${percent(correlation).trim()} follow their cluster, ${percent(flips).trim()} flips`
    row(label, { loss: 0.05, flips, clusterSize, correlation }, (rates) => percent(rates.heldPerEval))
  }
}

console.log(
  `\ngraded and repeated scores, ${lineages * 10} samples: HELD at a true loss of the margin (at most 5 % is wanted) | at no loss; 60, 150 and 600 cases`,
)
for (const kind of CHANGE_KINDS) {
  for (const [clusterSize, follow] of [
    [1, 0],
    [3, 0.5],
    [15, 0.9],
  ] as const) {
    const held = (loss: number): string =>
      [60, 150, 600].map((cases) => percent(gradedHeldShare({ kind, cases, clusterSize, follow, loss }, lineages * 10))).join(' ')
    console.log(`  ${`${kind}, clusters of ${clusterSize}`.padEnd(42)}${held(0.05)} | ${held(0)}`)
  }
}

console.log('\nharmless rounds ACCEPTED with the cases that judgeGateSize names for 85 %: 1, 2, 5 and 10 old evals against the parent')
for (const [clusterSize, correlation] of [
  [1, 0],
  [3, 0.5],
] as const) {
  for (const flips of [0.02, 0.1, 0.2]) {
    const accepted = [1, 2, 5, 10].map((comparisons) => {
      const cases = neededCases({ comparisons, flips, clusterSize })
      const settings = { ...PLAIN, cases, flips, clusterSize, correlation, oldEvals: () => comparisons }
      return `${percent(simulateRates(settings, lineages).acceptedByRound[0] ?? 0)} of ${cases}`
    })
    console.log(`  ${`${percent(flips).trim()} flips, clusters of ${clusterSize}`.padEnd(32)}${accepted.join('  ')}`)
  }
}

function neededCases({ comparisons, flips, clusterSize }: { comparisons: number; flips: number; clusterSize: number }): number {
  const { neededN } = judgeGateSize({
    ...{ evalName: 'simulated', casesPath: '', margin: 0.05, expectedFlips: flips, test: 'tango', alpha: 0.05, power: 0.85 },
    ...{ comparisons, clusterCorrelation: 0.25, clusterSizes: Array.from({ length: 100 }, () => clusterSize) },
  })
  return Math.ceil(neededN / clusterSize) * clusterSize
}

console.log(
  '\nthe same where the number is judged for parent and anchor of 2 old evals, and flips of 10 % a round pile up against the anchor (not promised)',
)
row(
  '2 old evals, rounds 1 to 3',
  {
    ...{ cases: neededCases({ comparisons: 4, flips: 0.1, clusterSize: 1 }), oldEvals: () => 2, rounds: 3, anchored: true },
  },
  ({ acceptedByRound }) => acceptedByRound.map(percent).join(' '),
)

console.log(
  '\nthe choice among 4 checkpoints, one old eval losing up to so much: chosen beyond the margin | none eligible | score of the chosen',
)
for (const wrecked of [0, 0.12, 0.25]) {
  for (const oldEvals of [2, 4, 8]) {
    for (const devCases of [25, 50, 100]) {
      const rates = CHOICE_RULES.map((rule) => {
        const { beyond, noneEligible, score } = simulateChoices({ rule, oldEvals, devCases, wrecked, flips: 0.1 }, lineages * 4)
        return `${rule} ${percent(beyond)} ${percent(noneEligible)} ${percent(score)}`
      })
      console.log(`  ${`${percent(wrecked).trim()}, ${oldEvals} old evals, ${devCases} dev cases each`.padEnd(46)}${rates.join('   ')}`)
    }
  }
}

console.log('\nharmless rounds ACCEPTED: 5 old evals against the parent')
for (const [cases, flips] of [
  [150, 0.1],
  [600, 0.1],
  [600, 0.2],
  [1000, 0.2],
] as const) {
  row(`${cases} cases, ${percent(flips).trim()} flips`, { cases, flips }, ({ acceptedByRound }) => percent(acceptedByRound[0] ?? 0))
}

console.log(
  '\nharmless rounds ACCEPTED, by round: 2 retention evals, then each feature, against parent and anchor, 600 cases, 10 % flips a round',
)
for (const correlation of [0, 0.3]) {
  const app = { rounds: 3, oldEvals: (round: number) => 2 + round, anchored: true, clusterSize: 3, correlation }
  row(`200 clusters, ${percent(correlation).trim()} of cases follow their cluster`, app, ({ acceptedByRound }) =>
    acceptedByRound.map(percent).join(' '),
  )
}
