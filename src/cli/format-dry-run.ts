/**
 * @file A dry run as text for a terminal: the table of rounds and arms, totals, what is left out or does not fit, and what was assumed. At most 100 columns,
 * except where an error's own text is longer. Text only.
 */
import { displayPath } from '../base/display-path.ts'
import type { DryRun, DryRunPart } from '../round/dry-run/dry-run.ts'
import { formatBytes, formatCount, formatDuration } from '../estimate/format-figures.ts'
import type { Range } from '../estimate/work.ts'
import { warningText } from './format-result.ts'

const WIDTH = 100
const NAME_WIDTH = 20
const ARM_WIDTH = 10
const LABEL_WIDTH = 12

/** The whole text, without a final newline. */
export function formatDryRun(run: DryRun): string {
  const sections = [heading(run), table(run), totals(run), leftOut(run), shortages(run), warnings(run), assumptions(run)]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function heading(run: DryRun): string[] {
  const { device } = run
  const memory = device.memoryBytes === null ? '' : ` with ${formatBytes(device.memoryBytes)}`
  return [
    `Dry run of suite "${run.suite}": nothing is trained, graded or written, and every figure is an estimate`,
    `base     ${displayPath(run.base)} (${formatCount(run.parameters)} parameters)`,
    `trainer  ${run.trainer} on ${device.speed.name}${memory}, ${device.precision}`,
  ]
}

const COLUMNS = ['round', 'arm', 'method', 'steps', 'new tokens', 'trained', 'training', 'grading', 'memory'] as const

function table(run: DryRun): string[] {
  const rows = run.parts.map((part, index) => cellsOf(part, part.round === run.parts[index - 1]?.round))
  const start = ['base', '', 'grading', '', '-', '-', '-', formatDuration(run.start.seconds.expected), '-']
  return align([[...COLUMNS], start, ...rows])
}

function cellsOf(part: DryRunPart, isSameRound: boolean): string[] {
  const { training, memory, shortage } = part
  return [
    isSameRound ? '' : shorten(part.round, NAME_WIDTH),
    shorten(part.arm, ARM_WIDTH),
    part.method,
    String(part.steps),
    training.newTokens.expected === 0 ? '-' : formatCount(training.newTokens.expected),
    formatCount(training.trainedTokens.expected),
    formatDuration(part.trainingSeconds.expected),
    formatDuration(part.gradingSeconds.expected),
    memory === null ? '-' : `${formatBytes(memory.totalBytes)}${shortage === null ? '' : ' !'}`,
  ]
}

/** The first three columns are text, the others numbers. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

function totals({ totals: sum, device }: DryRun): string[] {
  const unit = device.kind === 'cuda' ? 'GPU' : 'CPU'
  const time = add(sum.trainingSeconds, sum.gradingSeconds)
  return [
    labelled(
      `${unit} time`,
      `${formatDuration(time.expected)}, at most ${formatDuration(time.most)} when every completion runs to its limit`,
    ),
    labelled('of it', `training ${range(sum.trainingSeconds, formatDuration)}, grading ${range(sum.gradingSeconds, formatDuration)}`),
    labelled(
      'tokens',
      `${range(sum.training.trainedTokens, formatCount)} trained, ${range(sum.training.newTokens, formatCount)} sampled, ${range(sum.grading.newTokens, formatCount)} in answers`,
    ),
    labelled('answers', `${formatCount(sum.training.completions)} sampled for training, ${formatCount(sum.grading.completions)} graded`),
  ]
}

function leftOut({ leftOut: arms, trainer }: DryRun): string[] {
  const reasons = {
    optional: 'an optional arm: name it with --arms',
    control: `a control: name it with --arms, or write controls: true in ${trainer}({ … })`,
    'not chosen': 'not chosen',
  }
  return arms.map(({ arm, reason }) => labelled('left out', `${shorten(arm, NAME_WIDTH)}, ${reasons[reason]}`))
}

function shortages({ parts }: DryRun): string[] {
  return parts.flatMap(({ shortage }) => (shortage === null ? [] : [shortage.message]))
}

function warnings(run: DryRun): string[] {
  return run.warnings.map((warning) => warningText({ type: 'warning', ...warning }))
}

function assumptions(run: DryRun): string[] {
  return [
    'assumed',
    ...run.assumptions.flatMap((assumption) => wrap(assumption, WIDTH - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)),
  ]
}

function labelled(label: string, text: string): string {
  const lines = wrap(text, WIDTH - LABEL_WIDTH)
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`).join('\n')
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function shorten(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}

function range({ expected, most }: Range, format: (value: number) => string): string {
  const [low, high] = [format(expected), format(most)]
  return low === high ? low : `${low} to ${high}`
}

function add(a: Range, b: Range): Range {
  return { expected: a.expected + b.expected, most: a.most + b.most }
}
