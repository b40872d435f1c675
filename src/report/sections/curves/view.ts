/**
 * @file Charts of each round: learning against forgetting for all arms on one scale, then for each arm its scores, KL and training curve.
 * A chart never says which method is better; every chart has its numbers in a table.
 */
import { axisTo, lineFigure } from '../../line-figure.ts'
import type { Axis, LineFigure, Series } from '../../line-figure.ts'
import { sharePoints, signedPoints } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { Section } from '../../section.ts'
import type { EvalsMembers, ReportedRound } from '../evals/data.ts'
import type { VerdictMembers } from '../verdict/data.ts'

const SHARE_AXIS: Axis = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: String(at * 100) })) }

export interface CurveView {
  readonly arm: string
  readonly mark: Mark
  readonly style: number
  readonly scores: LineFigure
  readonly kl: LineFigure | null
  readonly training: LineFigure | null
  readonly trainingWord: string
}

export interface RoundCurvesView {
  readonly title: string
  readonly frontier: LineFigure
  readonly legend: readonly { readonly arm: string; readonly style: number; readonly marker: string }[]
  readonly arms: readonly CurveView[]
  readonly numbers: readonly Readonly<Record<string, string>>[]
}

/** Rounds that have checkpoints; null where none has anything to draw. */
export function curvesView(document: EvalsMembers & VerdictMembers): { readonly rounds: readonly RoundCurvesView[] } | null {
  const drawn = document.rounds.filter((each) => each.checkpoints.length > 0)
  const armNames = document.arms.map((arm) => arm.name)
  const names = [...new Set(drawn.map((each) => each.round))]
  const rounds = names.map((name) =>
    roundCurves(
      name,
      drawn.filter((each) => each.round === name),
      armNames,
    ),
  )
  return rounds.length === 0 ? null : { rounds }
}

export const curves = { name: 'curves', title: 'Curves', data: null, view: curvesView } satisfies Section

function roundCurves(name: string, rounds: readonly ReportedRound[], armNames: readonly string[]): RoundCurvesView {
  const styleOf = (arm: string): number => (armNames.indexOf(arm) % 6) + 1
  const steps = stepAxis(rounds.flatMap((each) => [...each.checkpoints.map(({ step }) => step), ...each.training.map(({ step }) => step)]))
  const kls = rounds.flatMap((each) => each.checkpoints.flatMap(({ klNewNats, klOldNats }) => [klNewNats ?? 0, klOldNats ?? 0]))
  const klAxis = axisTo(Math.max(...kls), (value) => String(Number(value.toPrecision(2))))
  return {
    title: `Round ${name}`,
    frontier: frontier(rounds, styleOf),
    legend: rounds.map((each) => ({ arm: each.arm, style: styleOf(each.arm), marker: '●■▲◆▼●'[(styleOf(each.arm) - 1) % 6] as string })),
    arms: rounds.map((each) => armCurves(each, { steps, klAxis, style: styleOf(each.arm) })),
    numbers: rounds.flatMap((each) => each.checkpoints.map((checkpoint) => numbersOf(each, checkpoint))),
  }
}

function frontier(rounds: readonly ReportedRound[], styleOf: (arm: string) => number): LineFigure {
  const retained = rounds.flatMap((each) => each.checkpoints.map(({ retainedPassShare }) => retainedPassShare))
  const from = Math.max(0, Math.floor(Math.min(...retained) * 10 - 0.5) / 10)
  const to = Math.min(1, Math.ceil(Math.max(...retained) * 10 + 0.5) / 10)
  const ticks = [from, (from + to) / 2, to].map((at) => ({ at, text: sharePoints(at).replace('.0', '') }))
  const series = rounds.map((each): Series => ({
    label: each.arm,
    style: styleOf(each.arm),
    points: each.checkpoints.map((point) => ({
      x: point.devPassShare,
      y: point.retainedPassShare,
      emphasis: point.step === each.chosenStep,
    })),
  }))
  const x = { ...SHARE_AXIS, ticks: SHARE_AXIS.ticks }
  return lineFigure(
    { title: 'New feature (across) against retained score (up), at each checkpoint', x, y: { from, to, ticks }, height: 230 },
    series,
  )
}

function armCurves(each: ReportedRound, shared: { steps: Axis; klAxis: Axis; style: number }): CurveView {
  const { steps, klAxis, style } = shared
  const at = <T extends { readonly step: number }>(points: readonly T[], y: (point: T) => number | null): Series['points'] =>
    points.map((point) => ({ x: point.step, y: y(point), emphasis: point.step === each.chosenStep }))
  const hasKl = each.checkpoints.some(({ klNewNats, klOldNats }) => klNewNats !== null || klOldNats !== null)
  const rewarded = each.training.some(({ meanReward }) => meanReward !== null)
  const curve = each.training.map((point) => ({ x: point.step, y: rewarded ? point.meanReward : point.loss }))
  const top = Math.max(...curve.map((point) => point.y ?? 0), 0)
  const trainingWord = rewarded ? 'mean reward' : 'loss'
  const trainingAxis = rewarded ? SHARE_AXIS_SMALL : axisTo(top, (value) => String(Number(value.toPrecision(2))))
  return {
    arm: each.arm,
    mark: outcomeMark(each.outcome),
    style,
    scores: lineFigure(
      { title: `${each.arm}: dev score of the new feature and retained score by step`, x: steps, y: SHARE_AXIS, height: 150 },
      [
        { label: 'new', style: 1, points: at(each.checkpoints, (point) => point.devPassShare) },
        { label: 'retained', style: 2, points: at(each.checkpoints, (point) => point.retainedPassShare) },
      ],
    ),
    kl: hasKl
      ? lineFigure({ title: `${each.arm}: KL from the base in nats per token by step`, x: steps, y: klAxis, height: 90 }, [
          { label: 'new prompts', style: 1, points: at(each.checkpoints, (point) => point.klNewNats) },
          { label: 'old prompts', style: 2, points: at(each.checkpoints, (point) => point.klOldNats) },
        ])
      : null,
    training:
      curve.length === 0
        ? null
        : lineFigure({ title: `${each.arm}: ${trainingWord} by step`, x: steps, y: trainingAxis, height: 80 }, [
            { label: trainingWord, style: 6, points: curve },
          ]),
    trainingWord,
  }
}

const SHARE_AXIS_SMALL: Axis = { from: 0, to: 1, ticks: [0, 0.5, 1].map((at) => ({ at, text: String(at) })) }

function stepAxis(steps: readonly number[]): Axis {
  const to = steps.reduce((a, b) => Math.max(a, b), 1)
  const ticks = [0, to / 2, to].map((at) => ({ at, text: String(Math.round(at)) }))
  return { from: 0, to, ticks }
}

function numbersOf(each: ReportedRound, checkpoint: ReportedRound['checkpoints'][number]): Record<string, string> {
  const nats = (value: number | null): string => (value === null ? '–' : value.toFixed(4))
  return {
    arm: each.arm,
    step: `${checkpoint.step}${checkpoint.step === each.chosenStep ? ' (chosen)' : ''}`,
    devPassShare: sharePoints(checkpoint.devPassShare),
    retainedPassShare: sharePoints(checkpoint.retainedPassShare),
    worstOld: worstOld(checkpoint),
    klNewNats: nats(checkpoint.klNewNats),
    klOldNats: nats(checkpoint.klOldNats),
  }
}

/** The old eval nearest to its margin or furthest beyond: what decides whether the checkpoint is eligible. */
function worstOld({ old = [] }: ReportedRound['checkpoints'][number]): string {
  const [worst] = old
    .filter(({ difference }) => difference !== null)
    .toSorted((one, other) => (one.difference ?? 0) + one.margin - (other.difference ?? 0) - other.margin)
  if (worst === undefined) return '–'
  const beyond = (worst.difference ?? 0) + worst.margin < -1e-12
  return `${worst.eval} ${signedPoints(worst.difference)}${beyond ? `, beyond its margin of ${sharePoints(worst.margin)}` : ''}`
}
