/**
 * @file Prints the gate's error rates on simulated lineages: `npm run simulate:gate [lineages]`. Seeded, so two runs print the same.
 */
import { PLAIN, simulateRates } from './gate-simulation.ts'
import type { Scenario, SimulatedRates } from './gate-simulation.ts'

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
