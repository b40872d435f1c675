/**
 * @file Geometry of one difference drawn against its margin: coordinates only, so that the template draws it and a test can check it.
 */
import { intervalPoints, signedPoints } from '../../number-text.ts'
import type { ReportedRound } from './data.ts'
import type { ReportedEval } from './reported-eval.ts'

const WIDTH = 220
const INSET = 7

/** Coordinates in a 220 by 26 box. What lies beyond the scale is cut and marked with an arrow head, never squeezed in. */
export interface IntervalFigure {
  readonly zeroX: number
  readonly band: { readonly x: number; readonly width: number }
  /** Line that the interval must stay right of: the margin, or the target's least gain. */
  readonly limitX: number | null
  readonly bar: { readonly x1: number; readonly x2: number } | null
  readonly pointX: number | null
  readonly beyondLeft: boolean
  readonly beyondRight: boolean
  /** Readable without colour: circle for a settled verdict, diamond for a loss, ring for an open one. */
  readonly shape: { readonly circle: boolean; readonly diamond: boolean; readonly ring: boolean }
  readonly label: string
}

/** The figure of one eval; `reach` is the share at either end of the scale. */
export function intervalFigure(reported: ReportedEval, reach: number): IntervalFigure {
  const x = (share: number): number => round(WIDTH / 2 + (share / reach) * (WIDTH / 2 - INSET))
  const inside = (share: number): number => Math.max(-reach, Math.min(reach, share))
  const [lower, upper] = reported.interval
  const limit = reported.role === 'target' ? reported.minEffect : -reported.margin
  const low = x(inside(-reported.margin))
  const { difference } = reported
  const known = lower !== null && upper !== null
  return {
    zeroX: x(0),
    band: { x: low, width: round(x(inside(reported.margin)) - low) },
    limitX: Math.abs(limit) > reach ? null : x(limit),
    bar: known ? { x1: x(inside(lower)), x2: x(inside(upper)) } : null,
    pointX: difference === null || Math.abs(difference) > reach ? null : x(difference),
    beyondLeft: known && lower < -reach,
    beyondRight: known && upper > reach,
    shape: {
      circle: reported.verdict === 'HELD' || reported.verdict === 'IMPROVED',
      diamond: reported.verdict === 'REGRESSED',
      ring: reported.verdict === 'INCONCLUSIVE',
    },
    label: `${signedPoints(difference)} points, interval ${intervalPoints(reported.interval)}, margin ${signedPoints(-reported.margin)}`,
  }
}

/** One scale for all old evals of arms that may ship: wide enough for their intervals and 1.5 margins, 10 to 25 points. */
export function figureReach(rounds: readonly ReportedRound[]): number {
  const shipping = rounds.filter((round) => round.role === 'candidate')
  const old = (shipping.length === 0 ? rounds : shipping).flatMap((round) => round.evals).filter((each) => each.role === 'old')
  const ends = old.flatMap((each) => [...each.interval, 1.5 * each.margin]).map((end) => Math.abs(end ?? 0))
  return Math.min(0.25, Math.max(0.1, Math.ceil(ends.reduce((a, b) => Math.max(a, b), 0) * 20) / 20))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
