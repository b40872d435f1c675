/**
 * @file What the watch saw, for the template: for each watched training its reward and every signal that is not rewarded over the steps, with
 * the stop marked. Words and coordinates only; every number comes from the document.
 */
import { lineFigure } from '../../line-figure.ts'
import type { Axis, LineFigure, Series } from '../../line-figure.ts'
import { MISSING } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { Section } from '../../section.ts'
import type { EvalsMembers, ReportedRound } from '../evals/data.ts'
import { stopText } from '../evals/stop-text.ts'
import type { ReportedLook } from './data.ts'

export interface WatchFigureView {
  readonly arm: string
  readonly mark: Mark
  readonly stopped: string | null
  readonly figure: LineFigure
  readonly legend: readonly { readonly label: string; readonly style: number; readonly marker: string }[]
}

export interface WatchedRoundView {
  readonly title: string
  readonly arms: readonly WatchFigureView[]
  readonly signals: readonly string[]
  readonly numbers: readonly { readonly arm: string; readonly step: string; readonly reward: string; readonly values: readonly string[] }[]
}

const REWARD_STYLE = 1
const MARKERS = '●■▲◆▼'
const UNIT_AXIS: Axis = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: String(at) })) }

/** Rounds in which at least one training was watched; null where there are none. */
export function watchView(document: EvalsMembers): { readonly rounds: readonly WatchedRoundView[] } | null {
  const watched = document.rounds.filter((each) => each.watch !== undefined)
  if (watched.length === 0) return null
  const rounds = [...new Set(watched.map((each) => each.round))].map((name) => {
    const arms = watched.filter((each) => each.round === name)
    const signals = signalNames(arms.flatMap((each) => each.watch ?? []))
    const last = arms.flatMap((each) => [...(each.watch ?? []), ...each.training]).reduce((most, { step }) => Math.max(most, step), 1)
    const steps: Axis = { from: 0, to: last, ticks: [0, last / 2, last].map((at) => ({ at, text: String(Math.round(at)) })) }
    return {
      title: `Round ${name}`,
      arms: arms.map((each) => figureOf(each, { signals, steps })),
      signals,
      numbers: arms.flatMap((each) => (each.watch ?? []).map((point) => numbersOf(each, { point, signals }))),
    }
  })
  return { rounds }
}

export const watch = { name: 'watch', title: 'Watch', data: null, view: watchView } satisfies Section

function signalNames(points: readonly ReportedLook[]): string[] {
  return [...new Set(points.flatMap(({ signals }) => signals.map(({ name }) => name)))]
}

function figureOf(reported: ReportedRound, { signals, steps }: { signals: readonly string[]; steps: Axis }): WatchFigureView {
  const { arm, watch = [], stopped, chosenStep } = reported
  const points = (y: (point: ReportedLook) => number | null): Series['points'] =>
    watch.map((point) => ({ x: point.step, y: y(point), emphasis: point.step === chosenStep }))
  const series: Series[] = [
    { label: 'training reward', style: REWARD_STYLE, points: points((point) => point.meanReward) },
    ...signals.map((name, at) => ({ label: name, style: signalStyle(at), points: points((point) => meanOf(point, name)) })),
  ]
  const end = stopText(reported)?.mark ?? null
  const title = `${arm}: training reward and ${signals.join(', ')} by step${end === null ? '' : `; ${end}`}`
  const uprights = stopped === undefined ? [] : [{ at: stopped.step, text: 'stopped' }]
  return {
    arm,
    mark: outcomeMark(reported.outcome),
    stopped: end,
    figure: lineFigure({ title, x: steps, y: UNIT_AXIS, height: 170, uprights }, series),
    legend: series.map(({ label, style }) => ({ label, style, marker: MARKERS.charAt(style - 1) })),
  }
}

/** Styles 2 to 5, again from 2 where there are more signals: the table tells them apart. */
function signalStyle(at: number): number {
  return 2 + (at % (MARKERS.length - 1))
}

function meanOf(point: ReportedLook, name: string): number | null {
  return point.signals.find((signal) => signal.name === name)?.mean ?? null
}

function numbersOf(
  { arm, chosenStep, stopped }: ReportedRound,
  { point, signals }: { point: ReportedLook; signals: readonly string[] },
): WatchedRoundView['numbers'][number] {
  const words = [
    point.step === 0 ? ' (parent)' : '',
    point.step === chosenStep ? ' (chosen)' : '',
    point.step === stopped?.step ? ' (stopped)' : '',
  ]
  return {
    arm,
    step: `${point.step}${words.join('')}`,
    reward: point.meanReward === null ? MISSING : point.meanReward.toFixed(3),
    values: signals.map((name) => {
      const signal = point.signals.find((each) => each.name === name)
      return signal === undefined || signal.mean === null ? MISSING : `${signal.mean.toFixed(3)} (${signal.graded} of ${signal.cases})`
    }),
  }
}
