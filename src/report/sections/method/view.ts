/**
 * @file The method box: what was tested how, at which level, on which data, with which seeds and hashes, in words and formulas.
 */
import { countText, sharePoints } from '../../number-text.ts'
import type { ReportHead } from '../../head.ts'
import type { Section } from '../../section.ts'
import type { VerdictMembers } from '../verdict/data.ts'
import { methodData } from './data.ts'
import type { MethodMembers } from './data.ts'
import { FORMULAS } from './formulas.ts'

export interface MethodView {
  readonly facts: readonly { readonly term: string; readonly text: string }[]
  readonly formulas: readonly { readonly term: string; readonly text: string }[]
  readonly evals: readonly Readonly<Record<string, string>>[]
  readonly policy: readonly { readonly key: string; readonly value: string }[]
  readonly arms: readonly { readonly name: string; readonly role: string; readonly method: string }[]
}

/** Everything a reviewer needs to argue with the verdicts. */
export function methodView(document: ReportHead & VerdictMembers & MethodMembers): MethodView {
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
    facts,
    formulas: FORMULAS,
    evals: document.evals.map(evalRow),
    policy: Object.entries(method.policy).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
    arms: document.arms.map((arm) => ({ name: arm.name, role: arm.role, method: methodText(arm.method) })),
  }
}

export const method = { name: 'method', title: 'Method', data: methodData, view: methodView } satisfies Section

function trainerFacts(trainer: MethodMembers['method']['trainer']): MethodView['facts'] {
  if (trainer === undefined) return []
  const { name, host, device, precision, evaluation, packages } = trainer
  const versions = Object.entries(packages).map(([each, version]) => `${each} ${version}`)
  return [
    { term: 'Trainer', text: `${name} on ${host}, device ${device}, precision ${precision}; evaluation: ${evaluation}` },
    { term: 'Packages', text: versions.join(' · ') || 'none recorded' },
  ]
}

function differenceText({ evalName, hash, pairs, caseIds }: NonNullable<MethodMembers['differences']>[number]): string {
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

function standingText({ blocking, advisory }: MethodMembers['evals'][number]): string {
  if (!blocking) return 'declared as not blocking'
  return advisory === null ? 'must be HELD' : `advisory: ${advisory.cases} cases, needs ${advisory.neededCases}; a proven loss blocks`
}

function evalRow(each: MethodMembers['evals'][number]): Record<string, string> {
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
