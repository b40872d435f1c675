/**
 * @file Lineages of models whose true losses are known, put before the real gate: how often it raises a false alarm, calls a lost eval
 * HELD, or accepts a harmless round. Cases flip at random between rounds; nothing here looks at a language model.
 */
import { seededRandom } from '../src/base/seeded-random.ts'
import type { SeededRandom } from '../src/base/seeded-random.ts'
import { judgeRound } from '../src/gate/judge-round.ts'
import { gatePolicySchema } from '../src/gate/policy.ts'
import type { EvalUnderGate, PairedGrade, RoundVerdict } from '../src/gate/verdict.ts'

/** A kind of lineage to simulate. Shares are of all cases of an eval. */
export interface Scenario {
  /** Gate cases of each eval. */
  readonly cases: number
  readonly rounds: number
  /** Old evals of a round (counted from 0), without the target. */
  readonly oldEvals: (round: number) => number
  /** Share of cases that change between two rounds. */
  readonly flips: number
  /** True loss of every old eval in every round. */
  readonly loss: number
  /** Cases to a cluster, and the share of cases that copy what their cluster does. */
  readonly clusterSize: number
  readonly correlation: number
  /** Whether old evals are judged against the start of the lineage too. */
  readonly anchored: boolean
  readonly margin: number
}

/** Passes of one eval's cases. */
type State = readonly boolean[]

const PASS_SHARE = 0.8

/** What the gate said of each round of one simulated lineage. The lineage advances whatever it says, so that changes pile up. */
export function simulateLineage(scenario: Scenario, seed: number): RoundVerdict[] {
  const random = seededRandom(seed, 'lineage')
  const policy = gatePolicySchema.parse({ plannedRounds: scenario.rounds, margin: scenario.margin })
  const most = Math.max(...Array.from({ length: scenario.rounds }, (_, round) => scenario.oldEvals(round)))
  const anchors = Array.from({ length: most }, () => Array.from({ length: scenario.cases }, () => random.next() < PASS_SHARE))
  let parents: State[] = anchors
  return Array.from({ length: scenario.rounds }, (_, round) => {
    const candidates = parents.map((parent) => advance(parent, scenario, random))
    const evals = candidates
      .slice(0, scenario.oldEvals(round))
      .map((after, i) => oldEval(`old-${i}`, [parents[i], anchors[i], after], scenario))
    parents = candidates
    return judgeRound({ round: `r${round + 1}`, arm: 'simulated', policy, evals: [target(scenario), ...evals] })
  })
}

/** The next round's passes: as many cases gained as lost, but for the true loss. */
function advance(parent: State, { flips, loss, clusterSize, correlation }: Scenario, random: SeededRandom): State {
  const lostRate = (flips + loss) / 2 / PASS_SHARE
  const gainedRate = (flips - loss) / 2 / (1 - PASS_SHARE)
  let shared = 0
  return parent.map((passed, i) => {
    if (i % clusterSize === 0) shared = random.next()
    const draw = random.next() < correlation ? shared : random.next()
    return passed ? draw >= lostRate : draw < gainedRate
  })
}

type Sides = readonly [parent: State | undefined, anchor: State | undefined, after: State]

function oldEval(name: string, [parent, anchor, after]: Sides, scenario: Scenario): EvalUnderGate {
  const compare = (before: State): readonly PairedGrade[] =>
    after.map((passAfter, i) => pairOf(i, [before[i] === true, passAfter], scenario))
  const comparisons = {
    parent: { evalName: name, baseline: 'parent' as const, pairs: compare(parent ?? []) },
    anchor:
      scenario.anchored && anchor !== parent ? { evalName: name, baseline: 'anchor' as const, pairs: compare(anchor ?? []) } : undefined,
  }
  return { ...declared(name, scenario), role: 'old', comparisons }
}

/** A target that improves beyond doubt, so that only the old evals decide. */
function target(scenario: Scenario): EvalUnderGate {
  const pairs = Array.from({ length: scenario.cases }, (_, i) => pairOf(i, [i % 4 === 0, i % 4 !== 1], scenario))
  return { ...declared('target', scenario), role: 'target', comparisons: { parent: { evalName: 'target', baseline: 'parent', pairs } } }
}

function declared(name: string, { margin, flips }: Scenario): Omit<EvalUnderGate, 'role' | 'comparisons'> {
  return { name, blocking: true, margin, minEffect: 0.05, expectedFlips: flips, chance: 0, repeats: 1, graded: false }
}

function pairOf(i: number, [passBefore, passAfter]: readonly [boolean, boolean], { clusterSize }: Scenario): PairedGrade {
  const cluster = clusterSize === 1 ? null : `c${Math.floor(i / clusterSize)}`
  return { caseId: `k${i}`, repeat: 0, cluster, before: Number(passBefore), after: Number(passAfter), passBefore, passAfter }
}

/** Shares over many simulated lineages. */
export interface SimulatedRates {
  /** Lineages in which some old eval was called REGRESSED. */
  readonly regressedPerLineage: number
  /** Lineages in which some old eval scored lower than before at all: what a plain comparison would block. */
  readonly droppedPerLineage: number
  /** Old evals called HELD, over evals and rounds. */
  readonly heldPerEval: number
  /** Rounds ACCEPTED, by round. */
  readonly acceptedByRound: readonly number[]
}

/** Simulates `lineages` of a scenario, seeded 0, 1, 2 and so on. */
export function simulateRates(scenario: Scenario, lineages: number): SimulatedRates {
  const runs = Array.from({ length: lineages }, (_, seed) => simulateLineage(scenario, seed))
  const oldOf = (rounds: readonly RoundVerdict[]) => rounds.flatMap(({ evals }) => evals.filter(({ role }) => role === 'old'))
  const share = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length / items.length
  return {
    regressedPerLineage: share(runs, (rounds) => oldOf(rounds).some(({ verdict }) => verdict === 'REGRESSED')),
    droppedPerLineage: share(runs, (rounds) => oldOf(rounds).some(({ difference }) => difference < 0)),
    heldPerEval: share(runs.flatMap(oldOf), ({ verdict }) => verdict === 'HELD'),
    acceptedByRound: Array.from({ length: scenario.rounds }, (_, round) => share(runs, (rounds) => rounds[round]?.verdict === 'ACCEPTED')),
  }
}

/** One round, 600 cases that stand alone, judged against the parent only: the settings that the scenarios start from. */
export const PLAIN: Scenario = {
  cases: 600,
  rounds: 1,
  oldEvals: () => 5,
  flips: 0.1,
  loss: 0,
  clusterSize: 1,
  correlation: 0,
  anchored: false,
  margin: 0.05,
}
