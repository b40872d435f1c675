/**
 * @file The section of evals: for each round and arm a summary and a table, worst first, as the template needs them. Words and coordinates
 * only; every number comes from the document.
 */
import { quotedWhole } from '../../deciding-fact.ts'
import { figureReach, intervalFigure } from './interval-figure.ts'
import type { IntervalFigure } from './interval-figure.ts'
import { countText, intervalPoints, pValue, sharePoints, signedPoints } from '../../number-text.ts'
import { outcomeMark, verdictMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { ReportDocument, ReportedBaseline, ReportedEval, ReportedRound } from '../../document.ts'
import { stopView } from '../watch/view.ts'
import type { StopView } from '../watch/view.ts'

const ROLE_WORDS: Readonly<Record<ReportedEval['role'], string>> = {
  target: 'target',
  old: 'old',
  future: 'future',
  none: 'never accepted',
}
const FLAG_WORDS: Readonly<Record<string, string>> = {
  smallButReal: 'small but real: the loss is proven, and smaller than the margin',
  noReserve: 'the parent is not above chance by the margin',
  overErrorBudget: 'too many cases could not be graded',
  overHardLimit: 'beyond the hard limit',
}

export interface EvalRowView {
  readonly name: string
  readonly roleWord: string
  readonly role: string
  readonly mark: Mark
  readonly n: string
  readonly before: string
  readonly after: string
  readonly difference: string
  readonly interval: string
  readonly figure: IntervalFigure
  readonly lost: number
  readonly gained: number
  readonly notes: readonly string[]
  readonly model: string
}

export interface ArmRoundView {
  readonly id: string
  readonly arm: string
  readonly role: string
  readonly mark: Mark
  readonly open: boolean
  readonly fact: string
  /** Null where the training was not stopped as reward hacking. */
  readonly stop: StopView | null
  /** Code and whole message of a lost trainer, where the fact shortens it. */
  readonly lost: ReportedRound['lost'] | null
  readonly more: readonly string[]
  readonly parent: string
  readonly rows: readonly EvalRowView[]
  readonly baselines: readonly Readonly<Record<string, string>>[]
}

export interface RoundView {
  readonly title: string
  readonly arms: readonly ArmRoundView[]
}

/** Rounds in order, arms in the suite's order; what did not end well for a candidate is open when the page opens. */
export function roundViews(document: ReportDocument): { readonly rounds: RoundView[]; readonly reach: string } {
  const reach = figureReach(document.rounds)
  const names = [...new Set(document.rounds.map((each) => each.round))]
  const rounds = names.map((name) => ({
    title: document.mode === 'gate' ? 'Candidate against parent' : `Round ${name}`,
    arms: document.rounds.filter((each) => each.round === name).map((each) => armRoundView(each, document, reach)),
  }))
  return { rounds, reach: sharePoints(reach).replace('.0', '') }
}

function armRoundView(reported: ReportedRound, document: ReportDocument, reach: number): ArmRoundView {
  const own = document.rounds.filter((each) => each.role === 'candidate')
  const shownOpen = own.find((each) => each.outcome !== 'ACCEPTED') ?? own[0] ?? document.rounds[0]
  return {
    id: `${reported.round}--${reported.arm}`,
    arm: reported.arm,
    role: reported.role,
    mark: outcomeMark(reported.outcome),
    open: reported === shownOpen || reported.stopped !== undefined,
    fact: reported.decidingFact,
    stop: stopView(reported),
    lost: reported.lost === undefined || quotedWhole(reported.lost.message) ? null : reported.lost,
    more: reported.reasons.slice(1),
    parent: parentText(reported, document),
    rows: reported.evals.map((each) => evalRow(each, reported, reach)),
    baselines: reported.evals.flatMap((each) => each.baselines.map((baseline) => baselineRow(each, baseline))),
  }
}

function parentText(reported: ReportedRound, document: ReportDocument): string {
  if (document.compared !== null) return `parent ${document.compared.parent.name}, candidate ${document.compared.candidate.name}`
  const why = reported.choice === undefined ? '' : `: ${reported.choice.reason}`
  const step = reported.chosenStep === null ? '' : `, checkpoint of step ${reported.chosenStep} (chosen on dev${why})`
  return `tuned from ${reported.parentRound === null ? 'the base' : `round ${reported.parentRound}`}${step}`
}

function evalRow(reported: ReportedEval, round: ReportedRound, reach: number): EvalRowView {
  return {
    name: reported.name,
    role: reported.role,
    roleWord: roleWord(reported),
    mark: verdictMark(reported),
    n: countText(reported.n),
    before: sharePoints(reported.before),
    after: sharePoints(reported.after),
    difference: signedPoints(reported.difference),
    interval: intervalPoints(reported.interval),
    figure: intervalFigure(reported, reach),
    lost: reported.lost,
    gained: reported.gained,
    notes: notesOf(reported),
    model: `${round.round}--${round.arm}`,
  }
}

/** What an eval was to its round, in a word: advisory old evals need not be HELD, others may have been left out by the suite. */
export function roleWord({ role, blocking, mustHold }: ReportedEval): string {
  if (role !== 'old' || mustHold) return ROLE_WORDS[role]
  return blocking ? 'advisory' : 'not blocking'
}

function notesOf(reported: ReportedEval): string[] {
  const notes = reported.flags.flatMap((flag) => FLAG_WORDS[flag] ?? [])
  const anchor = reported.baselines.find((each) => each.baseline === 'anchor')
  if (anchor !== undefined && reported.role === 'old')
    notes.push(`against its anchor ${signedPoints(anchor.difference)} ${intervalPoints(anchor.interval)}`)
  if (reported.twins !== undefined) {
    const { pairs, caseShare, twinShare, gap, interval } = reported.twins
    notes.push(
      `${countText(pairs)} cases against their twins: ${sharePoints(caseShare)} and ${sharePoints(twinShare)}, gap ${signedPoints(gap)} ${intervalPoints(interval)}`,
    )
  }
  if (reported.errors > 0) notes.push(`${reported.errors} could not be graded`)
  if (reported.neededN !== null) notes.push(`about ${countText(Math.ceil(reported.neededN))} cases would settle it`)
  if (reported.relativeMargin !== undefined) notes.push(marginNote(reported.margin, reported.relativeMargin))
  if (reported.advisoryReason !== null && reported.role === 'old') notes.push(standingNote(reported.advisoryReason, reported.blocking))
  return notes
}

function marginNote(margin: number, { declared, share, anchorScore }: NonNullable<ReportedEval['relativeMargin']>): string {
  return `relative margin: ${sharePoints(margin)} points instead of ${sharePoints(declared)}, ${sharePoints(share)} % of what the anchor has above chance (${sharePoints(anchorScore)} on dev cases)`
}

function standingNote(reason: string, blocking: boolean): string {
  return blocking ? `advisory: ${reason}; HELD is not asked of it, a proven loss blocks` : `${reason}: no loss of it blocks`
}

function baselineRow(reported: ReportedEval, numbers: ReportedBaseline): Record<string, string> {
  return {
    eval: reported.name,
    baseline: numbers.baseline,
    n: countText(numbers.n),
    clusters: numbers.clusters === null ? '–' : `${numbers.clusters} (deff ${numbers.designEffect?.toFixed(2) ?? '–'})`,
    change: `${sharePoints(numbers.before)} → ${sharePoints(numbers.after)}`,
    difference: `${signedPoints(numbers.difference)} ${intervalPoints(numbers.interval)}`,
    flips: `${numbers.lost} / ${numbers.gained}`,
    pLoss: pValue(numbers.pLoss),
    pLossHolm: pValue(numbers.pLossHolm),
    pNonInferior: pValue(numbers.pNonInferior),
    pGain: pValue(numbers.pGain),
    method: numbers.method,
  }
}
