/**
 * @file Trainings whose true losses are known, and the choice among their checkpoints by dev scores: how often it takes one that lost more than the margin,
 * and at what price in the new feature's score. `own` is the rule in use, the others are what it was chosen over
 * (docs/decisions/2026-11-29-checkpoint-choice.md).
 */
import { seededRandom } from '../src/base/seeded-random.ts'
import type { SeededRandom } from '../src/base/seeded-random.ts'
import { pickCheckpoint } from '../src/round/pick-checkpoint.ts'
import type { MeasuredCheckpoint } from '../src/round/pick-checkpoint.ts'

/** By which difference an old eval is judged: its own, its own shrunk towards the mean of all, the mean itself. */
export const CHOICE_RULES = ['own', 'shrunk', 'pool'] as const

export interface ChoiceScenario {
  readonly rule: (typeof CHOICE_RULES)[number]
  readonly oldEvals: number
  /** Of each old eval; the feature has 100. */
  readonly devCases: number
  /** True loss of one old eval at the last checkpoint; it grows with the square of the steps. */
  readonly wrecked: number
  /** Share of cases that change by chance up to the last checkpoint. */
  readonly flips: number
}

export interface ChoiceRates {
  /** Trainings whose chosen checkpoint had truly lost more than the margin. */
  readonly beyond: number
  readonly noneEligible: number
  /** Mean true score of the feature at the chosen one. */
  readonly score: number
}

const CHECKPOINTS = 4
const MARGIN = 0.05
const FEATURE_CASES = 100

const scoreAt = (step: number): number => 0.95 * (1 - Math.exp(-1.2 * step))

/** Simulates `trainings` of a scenario. Seeded. */
export function simulateChoices(scenario: ChoiceScenario, trainings: number): ChoiceRates {
  const { rule: _rule, ...drawn } = scenario
  let [beyond, noneEligible, score] = [0, 0, 0]
  for (let seed = 0; seed < trainings; seed++) {
    const random = seededRandom(seed, JSON.stringify(drawn))
    const measured = Array.from({ length: CHECKPOINTS + 1 }, (_, step) => measure(step, scenario, random))
    const { checkpoint, eligible } = pickCheckpoint(measured, 0.02)
    beyond += Number(lossAt(checkpoint.step, scenario) > MARGIN)
    noneEligible += Number(!eligible)
    score += scoreAt(checkpoint.step)
  }
  return { beyond: beyond / trainings, noneEligible: noneEligible / trainings, score: score / trainings }
}

function lossAt(step: number, { wrecked }: ChoiceScenario): number {
  return wrecked * (step / CHECKPOINTS) ** 2
}

function measure(step: number, scenario: ChoiceScenario, random: SeededRandom): MeasuredCheckpoint {
  const { rule, oldEvals, devCases } = scenario
  const own = Array.from({ length: oldEvals }, (_, at) =>
    drawDifference(step, { scenario, loss: at === 0 ? lossAt(step, scenario) : 0 }, random),
  )
  const passed = Array.from({ length: FEATURE_CASES }, () => random.next() < scoreAt(step)).filter(Boolean).length
  const share = passed / FEATURE_CASES
  const differences = rule === 'own' ? own : shrunk(own, rule === 'pool' ? 1 : noiseShare(own, scenario))
  return {
    ...{ step, hash: '', devPassShare: share, devStderr: Math.sqrt((share * (1 - share)) / FEATURE_CASES) },
    ...{ retainedPassShare: 0, klNewNats: null, klOldNats: null },
    old: differences.map((difference, at) => ({
      eval: `old-${at}`,
      cases: devCases,
      ungraded: 0,
      score: null,
      difference,
      margin: MARGIN,
    })),
  }
}

function drawDifference(
  step: number,
  { scenario, loss }: { readonly scenario: ChoiceScenario; readonly loss: number },
  random: SeededRandom,
): number {
  const chance = (scenario.flips * step) / CHECKPOINTS / 2
  let net = 0
  for (let i = 0; i < scenario.devCases; i++) {
    const luck = random.next()
    if (luck < chance + loss) net--
    else if (luck > 1 - chance) net++
  }
  return net / scenario.devCases
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** `weight` of the mean of all and the rest of each one's own. */
function shrunk(values: readonly number[], weight: number): number[] {
  const mean = meanOf(values)
  return values.map((value) => weight * mean + (1 - weight) * value)
}

/** How much of the spread between evals is chance: the weight of empirical Bayes. */
function noiseShare(values: readonly number[], { flips, devCases }: ChoiceScenario): number {
  const mean = meanOf(values)
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  return spread === 0 ? 1 : Math.min(1, flips / devCases / spread)
}
