/**
 * @file The rules of a verdict in words and formulas, as a reader of the report finds them.
 */

export const FORMULAS: readonly { readonly term: string; readonly text: string }[] = [
  {
    term: 'Difference',
    text: 'd = (gained − lost) / n over pairs of the same case; lost: passed before and fails now (1→0), gained: the reverse (0→1). Repeats are averaged within their case, which passes when at least half of them do.',
  },
  {
    term: 'Loss (REGRESSED)',
    text: 'exact one-sided McNemar, p = P(Bin(lost + gained, ½) ≥ lost); with clusters a sign-flip permutation over cluster sums; Holm over old evals (advisory ones too) and their baselines; level alpha divided by the planned rounds.',
  },
  {
    term: 'No loss (HELD)',
    text: 'Tango score test of H₀: d ≤ −margin, one-sided at alpha, against parent and anchor; with clusters z / √deff, deff as the hypothesis would have it, and a t reference whose degrees of freedom count the changed clusters; graded or repeated scores by the tilted test, whose variance has so many losses mixed in that the margin is lost. “Not significant” is never HELD.',
  },
  {
    term: 'Gain (IMPROVED)',
    text: 'the same exact test for a gain, and d at least the declared minimum effect; missed when the upper limit of d is below it.',
  },
  { term: 'Interval', text: 'the test for HELD inverted, and its mirror image: each end is a one-sided limit at alpha.' },
  {
    term: 'Round',
    text: 'BLOCKED: an old eval REGRESSED or the target missed. ACCEPTED: target IMPROVED and every old eval HELD but those with too few cases for it (advisory: a proven loss of one still blocks). Otherwise INCONCLUSIVE. Evals declared as not blocking decide nothing. Only ACCEPTED moves a lineage.',
  },
  {
    term: 'Checkpoint',
    text: 'on dev cases only: eligible is a checkpoint at which every old eval is within its own margin of the parent, case by case; of the eligible within one standard error of the best on the feature, the earliest.',
  },
  { term: 'KL', text: 'KL(base ‖ tuned) per token in nats at temperature 1, on the base’s own answers to new and to old prompts.' },
]
