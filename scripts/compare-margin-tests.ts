/**
 * @file Compares margin tests for clustered cases by simulation: `npx tsx scripts/compare-margin-tests.ts [samples]`. Prints how often each
 * calls an eval HELD at a true loss of the margin (at most 5 % is wanted) and at no loss (the more the better). Seeded.
 */
import { seededRandom } from '../src/base/seeded-random.ts'
import { clusteredTangoNonInferiority } from '../src/stats/clustered-tango.ts'
import type { ClusterCounts } from '../src/stats/clustered-tango.ts'
import { studentTUpperTail } from '../src/stats/student-t.ts'
import { tangoZ } from '../src/stats/tango.ts'

const MARGIN = 0.05
const PASS_SHARE = 0.8
const samples = Number(process.argv[2] ?? 1000)

interface Setting {
  readonly clusters: number
  readonly size: number
  /** Share of cases that do what their cluster does. */
  readonly correlation: number
  readonly flips: number
  readonly loss: number
}

function draw(setting: Setting, seed: number): ClusterCounts[] {
  const random = seededRandom(seed, JSON.stringify(setting))
  const lostRate = (setting.flips + setting.loss) / 2 / PASS_SHARE
  const gainedRate = (setting.flips - setting.loss) / 2 / (1 - PASS_SHARE)
  return Array.from({ length: setting.clusters }, () => {
    const cluster = { size: setting.size, lost: 0, gained: 0 }
    const shared = random.next()
    for (let i = 0; i < setting.size; i++) {
      const passed = random.next() < PASS_SHARE
      const luck = random.next() < setting.correlation ? shared : random.next()
      if (passed && luck < lostRate) cluster.lost++
      if (!passed && luck < gainedRate) cluster.gained++
    }
    return cluster
  })
}

const total = (clusters: readonly ClusterCounts[], value: (one: ClusterCounts) => number): number =>
  clusters.reduce((sum, one) => sum + value(one), 0)

/** Tango's z over the root of the design effect of the changes that were seen. */
function observedZ(clusters: readonly ClusterCounts[]): number {
  const [n, lost, gained] = [total(clusters, (one) => one.size), total(clusters, (one) => one.lost), total(clusters, (one) => one.gained)]
  const mean = (gained - lost) / n
  const single = lost + gained - n * mean * mean
  const whole = total(clusters, (one) => (one.gained - one.lost - mean * one.size) ** 2)
  return tangoZ({ n, lost, gained }, -MARGIN) / Math.sqrt(single > 0 ? Math.max(1, whole / single) : 1)
}

/** The score statistic with its variance from the clusters' own deviations from the hypothesis, as Student's t. */
function robustScore(clusters: readonly ClusterCounts[]): number {
  const deviations = clusters.map((one) => one.gained - one.lost + MARGIN * one.size)
  const z = deviations.reduce((sum, one) => sum + one, 0) / Math.sqrt(deviations.reduce((sum, one) => sum + one * one, 0))
  const count = clusters.length
  return z * z >= count ? Number.POSITIVE_INFINITY : z * Math.sqrt((count - 1) / (count - z * z))
}

const changed = (clusters: readonly ClusterCounts[]): number => clusters.filter((one) => one.lost + one.gained > 0).length
const tail = (t: number, degreesOfFreedom: number): number => (degreesOfFreedom > 0 ? studentTUpperTail(t, degreesOfFreedom) : 1)

const CANDIDATES: readonly (readonly [name: string, p: (clusters: readonly ClusterCounts[]) => number])[] = [
  ['deff seen, G-1', (clusters) => tail(observedZ(clusters), clusters.length - 1)],
  ['deff seen, K-1', (clusters) => tail(observedZ(clusters), changed(clusters) - 1)],
  ['robust score', (clusters) => tail(robustScore(clusters), clusters.length - 1)],
  ['robust, K-1', (clusters) => tail(robustScore(clusters), changed(clusters) - 1)],
  ['chosen', (clusters) => clusteredTangoNonInferiority(clusters, MARGIN).p],
]

function row(setting: Setting): void {
  const held = CANDIDATES.map(() => 0)
  for (let seed = 0; seed < samples; seed++) {
    const clusters = draw(setting, seed)
    for (const [i, [, p]] of CANDIDATES.entries()) held[i] = (held[i] ?? 0) + Number(p(clusters) <= 0.05)
  }
  const { clusters, size, correlation, flips, loss } = setting
  const label = `${clusters} x ${size}, ${correlation * 100} % follow, ${flips * 100} % flips, loss ${loss * 100}`
  console.log(label.padEnd(46) + held.map((count) => ((100 * count) / samples).toFixed(1).padStart(16)).join(''))
}

const CLUSTERS = [
  { clusters: 200, size: 3, correlation: 0.5 },
  { clusters: 200, size: 3, correlation: 0.9 },
  { clusters: 100, size: 6, correlation: 0.7 },
  { clusters: 60, size: 10, correlation: 0.9 },
  { clusters: 40, size: 15, correlation: 0.7 },
  { clusters: 40, size: 15, correlation: 0.9 },
] as const

console.log(`G clusters, K of them changed; percent HELD of ${samples} samples; loss in points\n`)
console.log(''.padEnd(46) + CANDIDATES.map(([name]) => name.padStart(16)).join(''))
for (const loss of [MARGIN, 0]) {
  for (const clusters of CLUSTERS) for (const flips of [0.06, 0.1, 0.2]) row({ ...clusters, flips, loss })
}
