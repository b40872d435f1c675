/**
 * @file The page as plain data for the template: sections in the order of reading, every string made visible, nothing left to compute.
 */
import { curveViews } from './sections/curves/view.ts'
import type { RoundCurvesView } from './sections/curves/view.ts'
import { matrixViews } from './sections/heat-map/view.ts'
import type { MatrixView } from './sections/heat-map/view.ts'
import { methodView } from './sections/method/view.ts'
import type { MethodView } from './sections/method/view.ts'
import { bytesText, countText, durationText, MISSING, signedPoints } from './number-text.ts'
import { outcomeMark } from './outcome-mark.ts'
import type { Mark } from './outcome-mark.ts'
import type { ReportDocument } from './document.ts'
import { roundViews } from './sections/evals/view.ts'
import type { RoundView } from './sections/evals/view.ts'
import { visibleData } from './visible-text.ts'
import { stopView, watchedRounds } from './sections/watch/view.ts'
import type { StopView, WatchedRoundView } from './sections/watch/view.ts'

export interface ArmView {
  readonly name: string
  readonly role: string
  readonly chips: readonly { readonly id: string; readonly label: string; readonly mark: Mark }[]
  readonly line: string
  readonly accepted: string
}

export interface PageView {
  readonly title: string
  readonly tone: Mark['tone']
  readonly symbol: string
  readonly interrupted: boolean
  readonly document: ReportDocument
  readonly arms: readonly ArmView[]
  readonly rounds: readonly RoundView[]
  readonly reach: string
  readonly matrices: readonly MatrixView[]
  readonly curves: readonly RoundCurvesView[]
  readonly watched: readonly WatchedRoundView[]
  /** Trainings that were stopped as reward hacking. */
  readonly stops: readonly StopView[]
  readonly hasCurves: boolean
  readonly forgetting: {
    readonly metrics: readonly { readonly name: string; readonly formula: string; readonly source: string }[]
    readonly rows: readonly { readonly arm: string; readonly rounds: string; readonly values: readonly string[] }[]
  }
  readonly method: MethodView
  readonly costs: readonly Readonly<Record<string, string>>[]
  readonly costTotal: string
  readonly parameters: string
}

/** The whole page's data. */
export function pageView(document: ReportDocument): PageView {
  const { rounds, reach } = roundViews(document)
  const [curves, watched] = [curveViews(document), watchedRounds(document)]
  const view: PageView = {
    title: `${document.suite.name} · ${document.run}`,
    ...overall(document),
    interrupted: document.state === 'interrupted',
    document,
    arms: document.arms.map(armView),
    rounds,
    reach,
    matrices: matrixViews(document),
    curves,
    watched,
    stops: document.rounds.flatMap((each) => stopView(each) ?? []),
    hasCurves: curves.length + watched.length > 0,
    forgetting: forgettingView(document),
    method: methodView(document),
    costs: document.costs.map(costRow),
    costTotal: durationText(document.costs.reduce((sum, each) => sum + each.seconds, 0)),
    parameters: countText(document.base.parameterCount),
  }
  return visibleData(view)
}

function overall(document: ReportDocument): { tone: Mark['tone']; symbol: string } {
  if (document.state === 'interrupted') return { tone: 'mute', symbol: '…' }
  const candidates = document.arms.filter((arm) => arm.role === 'candidate')
  const whole = candidates.some((arm) => arm.outcomes.length > 0 && arm.accepted.length === arm.outcomes.length)
  if (whole) return { tone: 'good', symbol: '✓' }
  const blocked = candidates.some((arm) => arm.outcomes.some(({ outcome }) => outcome === 'BLOCKED'))
  return blocked ? { tone: 'bad', symbol: '✕' } : { tone: 'open', symbol: '?' }
}

function armView(arm: ReportDocument['arms'][number]): ArmView {
  return {
    name: arm.name,
    role: arm.role,
    chips: arm.outcomes.map(({ round, feature, outcome }) => ({
      id: `${round}--${arm.name}`,
      label: feature ?? round,
      mark: outcomeMark(outcome),
    })),
    line: arm.line,
    accepted: `${arm.accepted.length} of ${arm.outcomes.length}`,
  }
}

function forgettingView(document: ReportDocument): PageView['forgetting'] {
  const metrics = document.forgetting.find((each) => each.metrics.length > 0)?.metrics ?? []
  return {
    metrics: metrics.map(({ name, formula, source }) => ({ name, formula, source })),
    rows: document.forgetting.map((each) => ({
      arm: each.arm,
      rounds: each.rounds.length === 0 ? 'none' : each.rounds.join(', '),
      values: metrics.map((metric) => {
        const value = each.metrics.find((own) => own.name === metric.name)?.value ?? null
        return value === null ? MISSING : metric.name.startsWith('acc') ? (value * 100).toFixed(1) : signedPoints(value)
      }),
    })),
  }
}

function costRow(cost: ReportDocument['costs'][number]): Record<string, string> {
  return {
    place: [cost.round, cost.arm].filter((part) => part !== null).join(' · ') || 'all arms',
    phase: cost.phase,
    seconds: durationText(cost.seconds),
    tokens: countText(cost.tokens),
    rate: countText(cost.tokensPerSecond),
    memory: bytesText(cost.peakResidentBytes),
  }
}
