/**
 * @file The method box: what was tested how, at which level, on which data, with which seeds and hashes, in words and formulas.
 */
import { countText, sharePoints } from '../../number-text.ts'
import type { ReportDocument } from '../../document.ts'

export interface MethodView {
  readonly confidencePercent: number
  readonly facts: readonly { readonly term: string; readonly text: string }[]
  readonly formulas: readonly { readonly term: string; readonly text: string }[]
  readonly evals: readonly Readonly<Record<string, string>>[]
  readonly policy: readonly { readonly key: string; readonly value: string }[]
  readonly arms: readonly { readonly name: string; readonly role: string; readonly method: string }[]
}

const FORMULAS: MethodView['formulas'] = [
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

/** Everything a reviewer needs to argue with the verdicts. */
export function methodView(document: ReportDocument): MethodView {
  const { method, suite, base, compared } = document
  const facts = [
    { term: 'Suite', text: `${suite.file}, hash ${suite.hash}${suite.budget === null ? '' : `, budget ${suite.budget}`}` },
    { term: 'Base', text: `${base.name}, ${countText(base.parameterCount)} parameters, hash ${base.hash}, tokenizer ${base.tokenizer}` },
    ...(compared === null
      ? []
      : [
          {
            term: 'Compared',
            text: `${compared.parent.name} (${compared.parent.hash}) → ${compared.candidate.name} (${compared.candidate.hash})`,
          },
        ]),
    ...(document.differences ?? []).map((each) => ({ term: 'Models differ', text: differenceText(each) })),
    { term: 'Level', text: `alpha ${method.alpha} one-sided; intervals cover ${Math.round(method.confidence * 100)} %` },
    { term: 'Seed', text: String(method.seed) },
    { term: 'Runtime', text: `${method.runtime}; Holdfast ${method.holdfastVersion}` },
    ...trainerFacts(method.trainer),
    ...(method.lora === null ? [] : [{ term: 'LoRA', text: JSON.stringify(method.lora) }]),
  ]
  return {
    confidencePercent: Math.round(method.confidence * 100),
    facts,
    formulas: FORMULAS,
    evals: document.evals.map(evalRow),
    policy: Object.entries(method.policy).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
    arms: document.arms.map((arm) => ({ name: arm.name, role: arm.role, method: methodText(arm.method) })),
  }
}

function trainerFacts(trainer: ReportDocument['method']['trainer']): MethodView['facts'] {
  if (trainer === undefined) return []
  const { name, host, device, precision, evaluation, packages } = trainer
  const versions = Object.entries(packages).map(([each, version]) => `${each} ${version}`)
  return [
    { term: 'Trainer', text: `${name} on ${host}, device ${device}, precision ${precision}; evaluation: ${evaluation}` },
    { term: 'Packages', text: versions.join(' · ') || 'none recorded' },
  ]
}

function differenceText({ evalName, hash, pairs, caseIds }: NonNullable<ReportDocument['differences']>[number]): string {
  return `${evalName}: ${hash} of ${pairs} pairs, for example ${caseIds.join(', ')}; the verdict compares the models as they are`
}

/** Settings as "steps 100 · batchSize 16"; settings for each feature once where they are all the same. */
function methodText(method: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(method)
  const texts = parts.map(([, value]) => JSON.stringify(value))
  const perFeature = parts.length > 0 && parts.every(([, value]) => typeof value === 'object' && value !== null)
  if (!perFeature) return settings(method)
  if (new Set(texts).size === 1) return settings(parts[0]?.[1] as object)
  return parts.map(([feature, value]) => `${feature}: ${settings(value as object)}`).join(' | ')
}

function settings(value: object): string {
  const entries: [string, unknown][] = Object.entries(value)
  return entries
    .map(([key, inner]) => (typeof inner === 'object' && inner !== null ? `${key} (${settings(inner)})` : `${key} ${String(inner)}`))
    .join(' · ')
}

function standingText({ blocking, advisory }: ReportDocument['evals'][number]): string {
  if (!blocking) return 'declared as not blocking'
  return advisory === null ? 'must be HELD' : `advisory: ${advisory.cases} cases, needs ${advisory.neededCases}; a proven loss blocks`
}

function evalRow(each: ReportDocument['evals'][number]): Record<string, string> {
  return {
    name: each.name,
    description: each.description,
    kind: each.kind,
    blocking: standingText(each),
    margin: sharePoints(each.margin),
    minEffect: sharePoints(each.minEffect),
    flips: sharePoints(each.expectedFlips),
    counts: Object.entries(each.caseCounts)
      .map(([role, count]) => `${role} ${count}`)
      .join(', '),
    repeats: String(each.repeats),
    hashes: `cases ${each.setHash}, grader ${each.graderHash}`,
    graders: each.graders.join('; '),
  }
}
