/**
 * @file Changes of graded and repeated scores with a known true mean, put before the tilted margin test: how often it says HELD. Beside it the
 * bootstrap limit that it replaced would have to be judged by the same shares (docs/decisions/2026-11-29-graded-margin-test.md).
 */
import { seededRandom } from '../src/base/seeded-random.ts'
import type { SeededRandom } from '../src/base/seeded-random.ts'
import { tiltedNonInferiority } from '../src/stats/tilted-margin.ts'

/** How a case changes; each has exactly the asked mean. */
export const CHANGE_KINDS = ['whole losses only', 'whole losses and gains', 'partial credit', '4 repeats', 'small steps'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export interface GradedScenario {
  readonly kind: ChangeKind
  readonly cases: number
  /** Cases to a cluster, and the share of cases that do what their cluster does. */
  readonly clusterSize: number
  readonly follow: number
  /** True mean loss. */
  readonly loss: number
}

/** Share of cases that change at all where gains come with losses. */
const FLIPS = 0.1
const MARGIN = 0.05

/** One case's change, from a number between 0 and 1 that its cluster may share. */
function changeOf(kind: ChangeKind, loss: number, [luck, random]: readonly [number, SeededRandom]): number {
  switch (kind) {
    case 'whole losses only':
      return luck < loss ? -1 : 0
    case 'whole losses and gains':
      return luck < (FLIPS + loss) / 2 ? -1 : luck > 1 - (FLIPS - loss) / 2 ? 1 : 0
    case 'partial credit': {
      // Most changes are a quarter or a half; a fifth of the loss comes in whole cases.
      const [whole, part] = [loss / 5, (4 * loss) / 5]
      if (luck < whole) return -1
      if (luck > 1 - 0.15) return luck > 1 - 0.075 ? 0.25 : 0.5
      return luck < whole + 0.15 + part / 0.375 ? -0.375 + 0.125 * Math.sign(random.next() - 0.5) : 0
    }
    case '4 repeats': {
      // Cases pass 9 times of 10; a lost one passes once in 10.
      const share = (chance: number): number => [0, 1, 2, 3].filter(() => random.next() < chance).length / 4
      return share(luck < loss / 0.8 ? 0.1 : 0.9) - share(0.9)
    }
    case 'small steps':
      return (random.next() - 0.5) * 0.2 - (luck < loss / 0.3 ? 0.3 : 0)
  }
}

function drawChanges({ kind, cases, clusterSize, follow, loss }: GradedScenario, random: SeededRandom): number[][] {
  return Array.from({ length: Math.round(cases / clusterSize) }, () => {
    const shared = random.next()
    return Array.from({ length: clusterSize }, () => changeOf(kind, loss, [random.next() < follow ? shared : random.next(), random]))
  })
}

/** Share of `samples` draws that are HELD at a margin of 5 points. Seeded. */
export function gradedHeldShare(scenario: GradedScenario, samples: number): number {
  let held = 0
  for (let seed = 0; seed < samples; seed++) {
    const random = seededRandom(seed, JSON.stringify(scenario))
    held += Number(tiltedNonInferiority(drawChanges(scenario, random), MARGIN).p <= 0.05)
  }
  return held / samples
}
