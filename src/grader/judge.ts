/**
 * @file Graders that ask another model, under one name: `judge.score({ … })`.
 */
import { judgeLabel } from './judge/label.ts'
import { judgePairwise } from './judge/pairwise.ts'
import { judgeRubric } from './judge/rubric.ts'
import { judgeScore } from './judge/score.ts'
import type { GraderCard } from './grader-card.ts'

interface Judges {
  readonly score: typeof judgeScore
  readonly label: typeof judgeLabel
  readonly pairwise: typeof judgePairwise
  readonly rubric: typeof judgeRubric
}

/** LLM judges. Each asks a model of its own, never the one that is judged, and gives no grade where the judge gives no usable answer. */
export const judge: Judges = { score: judgeScore, label: judgeLabel, pairwise: judgePairwise, rubric: judgeRubric }

export const judgeCard: GraderCard<typeof judge> = {
  make: judge,
  family: 'judge',
  compares: 'what another model says: `judge.score`, `.label`, `.pairwise`, `.rubric`',
  expected: 'shown to the judge; for `pairwise` the rival',
  rewardDemands: 'nothing more',
  partialCredit: '`score`, `rubric`, `pairwise`',
  example: null,
}
