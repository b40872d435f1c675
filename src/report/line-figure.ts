/**
 * @file Geometry of a small line chart: paths, markers, ticks. Series are told apart by marker and dash as well as by colour.
 */

/** One line. A null y is a gap. `style` 1 to 6 chooses colour, dash and marker together. */
export interface Series {
  readonly label: string
  readonly style: number
  readonly points: readonly { readonly x: number; readonly y: number | null; readonly emphasis?: boolean }[]
}

export interface Axis {
  readonly from: number
  readonly to: number
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
}

export interface ChartFrame {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly height: number
  /** Values of x marked by an upright line with words above it. */
  readonly uprights?: readonly { readonly at: number; readonly text: string }[]
}

interface Marker {
  readonly path: string
  readonly emphasis: boolean
}

/** What the template draws, in a box of 280 by `height`. */
export interface LineFigure {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly xTicks: readonly { readonly x: number; readonly y: number; readonly text: string }[]
  readonly yTicks: readonly { readonly y: number; readonly textY: number; readonly textX: number; readonly text: string }[]
  readonly uprights: readonly { readonly x: number; readonly text: string; readonly anchor: 'start' | 'end' }[]
  readonly lines: readonly { readonly style: number; readonly label: string; readonly path: string; readonly markers: readonly Marker[] }[]
}

const WIDTH = 280
const LEFT = 34
const RIGHT = 270
const TOP = 8
/** A line of more points is drawn without markers. */
const MOST_MARKERS = 30

/** The chart's geometry. Points outside the axes are drawn at their edge. */
export function lineFigure(frame: ChartFrame, series: readonly Series[]): LineFigure {
  const bottom = frame.height - 18
  const scale = (axis: Axis, value: number): number => {
    const span = axis.to - axis.from
    return span === 0 ? 0.5 : Math.max(0, Math.min(1, (value - axis.from) / span))
  }
  const x = (value: number): number => round(LEFT + 6 + scale(frame.x, value) * (RIGHT - LEFT - 12))
  const y = (value: number): number => round(bottom - scale(frame.y, value) * (bottom - TOP))
  return {
    title: frame.title,
    width: WIDTH,
    height: frame.height,
    left: LEFT,
    right: RIGHT,
    top: TOP,
    bottom,
    xTicks: frame.x.ticks.map((tick) => ({ x: x(tick.at), y: frame.height - 4, text: tick.text })),
    yTicks: frame.y.ticks.map((tick) => ({ y: y(tick.at), textY: round(y(tick.at) + 3.5), textX: LEFT - 5, text: tick.text })),
    uprights: (frame.uprights ?? []).map(({ at, text }) => ({ x: x(at), text, anchor: x(at) > WIDTH / 2 ? 'end' : 'start' })),
    lines: series.map((each) => {
      const known = each.points.flatMap((point) =>
        point.y === null ? [] : [{ x: x(point.x), y: y(point.y), emphasis: point.emphasis === true }],
      )
      return {
        style: each.style,
        label: each.label,
        path: known.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join(''),
        markers: (known.length > MOST_MARKERS ? known.filter((point) => point.emphasis) : known).map((point) => ({
          path: markerPath(each.style, point, point.emphasis ? 4.6 : 2.8),
          emphasis: point.emphasis,
        })),
      }
    }),
  }
}

/** Even ticks of an axis from 0 to at least `top`. */
export function axisTo(top: number, format: (value: number) => string): Axis {
  const step = niceStep(top <= 0 ? 1 : top)
  const to = step * Math.max(1, Math.ceil(round6((top <= 0 ? 1 : top) / step)))
  const count = Math.round(to / step)
  return { from: 0, to, ticks: Array.from({ length: count + 1 }, (_, at) => ({ at: at * step, text: format(at * step) })) }
}

function niceStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 2))
  return ([1, 2, 5, 10].find((factor) => factor * power >= top / 2) ?? 10) * power
}

function markerPath(style: number, { x, y }: { x: number; y: number }, r: number): string {
  const box = `M${round(x - r)} ${round(y - r)}h${round(2 * r)}v${round(2 * r)}h${round(-2 * r)}z`
  const diamond = `M${x} ${round(y - 1.3 * r)}L${round(x + 1.3 * r)} ${y}L${x} ${round(y + 1.3 * r)}L${round(x - 1.3 * r)} ${y}z`
  const up = `M${x} ${round(y - 1.2 * r)}L${round(x + 1.2 * r)} ${round(y + r)}H${round(x - 1.2 * r)}z`
  const down = `M${x} ${round(y + 1.2 * r)}L${round(x + 1.2 * r)} ${round(y - r)}H${round(x - 1.2 * r)}z`
  const circle = `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${round(2 * r)} 0a${r} ${r} 0 1 0 ${round(-2 * r)} 0z`
  return [circle, box, up, diamond, down, circle][(style - 1) % 6] as string
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
