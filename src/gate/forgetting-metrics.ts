/**
 * @file Forgetting under its published names, each with its formula: the same matrix gives five numbers under that one word.
 */
import { mean } from 'simple-statistics'

/**
 * Scores of one lineage: `scores[i][j]` is the score on feature j after round i, where round i was tuned for feature i (square, T by T);
 * `base[j]` is the score before any round.
 */
export interface ScoreMatrix {
  readonly scores: readonly (readonly number[])[]
  readonly base: readonly number[]
}

/** A metric by name; `value` is null where the definition needs more rounds. */
export interface ForgettingMetric {
  readonly name: string
  readonly formula: string
  readonly source: string
  readonly value: number | null
}

interface Definition extends Omit<ForgettingMetric, 'value'> {
  readonly compute: (matrix: ScoreMatrix) => readonly number[]
}

/** Each metric is the mean of the terms that `compute` gives. */
const DEFINITIONS: readonly Definition[] = [
  {
    name: 'acc',
    formula: 'mean over j of R[T][j]',
    source: 'Lopez-Paz and Ranzato 2017 (1706.08840)',
    compute: ({ scores }) => scores.at(-1) ?? [],
  },
  {
    name: 'acc.incremental',
    formula: 'mean over i of (mean over j <= i of R[i][j])',
    source: 'Rebuffi et al. 2017 (1611.07725)',
    compute: ({ scores }) => scores.map((row, i) => mean(row.slice(0, i + 1))),
  },
  {
    name: 'acc.learning',
    formula: 'mean over j of R[j][j]',
    source: 'Riemer et al. 2019 (1810.11910)',
    compute: ({ scores }) => scores.map((_, j) => at(scores, j, j)),
  },
  {
    name: 'bwt.gem',
    formula: 'mean over j < T of (R[T][j] - R[j][j])',
    source: 'Lopez-Paz and Ranzato 2017 (1706.08840)',
    compute: ({ scores }) => earlier(scores).map((j) => at(scores, scores.length - 1, j) - at(scores, j, j)),
  },
  {
    name: 'fwt.gem',
    formula: 'mean over j >= 2 of (R[j-1][j] - b[j])',
    source: 'Lopez-Paz and Ranzato 2017 (1706.08840)',
    compute: ({ scores, base }) => earlier(scores).map((j) => at(scores, j, j + 1) - (base[j + 1] as number)),
  },
  {
    name: 'forgetting.chaudhry',
    formula: 'mean over j < T of (max over l < T of R[l][j] - R[T][j])',
    source: 'Chaudhry et al. 2018 (1801.10112)',
    compute: ({ scores }) =>
      earlier(scores).map((j) => Math.max(...earlier(scores).map((l) => at(scores, l, j))) - at(scores, scores.length - 1, j)),
  },
]

/** All metrics of one lineage. Throws nothing: a matrix of fewer than two rounds gives null where a comparison over time is needed. */
export function forgettingMetrics(matrix: ScoreMatrix): ForgettingMetric[] {
  return DEFINITIONS.map(({ compute, ...definition }) => {
    const terms = compute(matrix)
    return { ...definition, value: terms.length === 0 ? null : mean([...terms]) }
  })
}

function at(scores: ScoreMatrix['scores'], round: number, feature: number): number {
  return scores[round]?.[feature] as number
}

function earlier(scores: ScoreMatrix['scores']): number[] {
  return Array.from({ length: Math.max(0, scores.length - 1) }, (_, j) => j)
}
