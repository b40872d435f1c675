/**
 * @file The section of evals: for each round and arm a summary and a table, worst first, as the template needs them. Words and coordinates
 * only; every number comes from the document.
 */
import { quotedWhole } from '../../deciding-fact.ts'
import { figureReach, intervalFigure } from './interval-figure.ts'
import type { IntervalFigure } from './interval-figure.ts'
import { countText, intervalPoints, minusSigns, pValue, sharePoints, signedPoints } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { ReportHead } from '../../head.ts'
import type { Section } from '../../section.ts'
import type { MethodMembers } from '../method/data.ts'
import { evalsData } from './data.ts'
import type { EvalsMembers, ReportedRound } from './data.ts'
import { evalNotes, roleWord, verdictMark } from './eval-words.ts'
import { evalsMarkdown } from './markdown.ts'
import type { ReportedBaseline, ReportedEval } from './reported-eval.ts'
import { stopView } from './stop-view.ts'
import type { StopView } from './stop-view.ts'

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

export interface EvalsView {
  readonly rounds: readonly RoundView[]
  /** Of the scale, in points either way. */
  readonly reach: string
  readonly confidencePercent: number
}

type Read = ReportHead & EvalsMembers & Pick<MethodMembers, 'method'>

/** Rounds in order, arms in the suite's order; what did not end well for a candidate is open when the page opens. */
export function evalsView(document: Read): EvalsView {
  const reach = figureReach(document.rounds)
  const names = [...new Set(document.rounds.map((each) => each.round))]
  const rounds = names.map((name) => ({
    title: document.mode === 'gate' ? 'Candidate against parent' : `Round ${name}`,
    arms: document.rounds.filter((each) => each.round === name).map((each) => armRoundView(each, document, reach)),
  }))
  return { rounds, reach: sharePoints(reach).replace('.0', ''), confidencePercent: Math.round(document.method.confidence * 100) }
}

export const evals = { name: 'evals', title: 'Evals', data: evalsData, view: evalsView, markdown: evalsMarkdown } satisfies Section

function armRoundView(reported: ReportedRound, document: Read, reach: number): ArmRoundView {
  const own = document.rounds.filter((each) => each.role === 'candidate')
  const shownOpen = own.find((each) => each.outcome !== 'ACCEPTED') ?? own[0] ?? document.rounds[0]
  return {
    id: `${reported.round}--${reported.arm}`,
    arm: reported.arm,
    role: reported.role,
    mark: outcomeMark(reported.outcome),
    open: reported === shownOpen || reported.stopped !== undefined,
    fact: minusSigns(reported.decidingFact),
    stop: stopView(reported),
    lost: reported.lost === undefined || quotedWhole(reported.lost.message) ? null : reported.lost,
    more: reported.reasons.slice(1).map(minusSigns),
    parent: parentText(reported, document),
    rows: reported.evals.map((each) => evalRow(each, reported, reach)),
    baselines: reported.evals.flatMap((each) => each.baselines.map((baseline) => baselineRow(each, baseline))),
  }
}

function parentText(reported: ReportedRound, document: Read): string {
  if (document.compared !== null) return `parent ${document.compared.parent.name}, candidate ${document.compared.candidate.name}`
  const why = reported.choice === undefined ? '' : `: ${minusSigns(reported.choice.reason)}`
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
    notes: evalNotes(reported),
    model: `${round.round}--${round.arm}`,
  }
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
