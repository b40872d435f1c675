/**
 * @file One arm's lineage: which adapter was accepted last, and the grades that later rounds are compared with. Only ACCEPTED moves it.
 */
import { relative } from 'node:path'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { RunHeader } from '../ledger/run-records.ts'
import { passShare, recordsOf, type BaselineGrades, type GradeSet } from './grade-set.ts'

export type RoundOutcome = RunHeader['lineages'][number]['rounds'][number]['outcome']

/** The adapter that the next round starts from; null is the base. */
export interface AcceptedAdapter {
  readonly directory: string
  readonly hash: string
}

/** The adapter that a round put before the gate. */
export interface Candidate extends AcceptedAdapter {
  /** Its score on the dev cases of the round's feature; null where none could be graded. */
  readonly devScore: number | null
}

/** What one round of an arm ended with. */
export interface FinishedRound {
  readonly round: string
  readonly feature: string
  readonly outcome: RoundOutcome
  readonly adapter: Candidate | null
  /** Gate grades of the candidate; null when the arm was lost before it had any. */
  readonly grades: GradeSet | null
}

/** Grows round by round. */
export class Lineage {
  readonly arm: string
  readonly role: 'candidate' | 'control'
  readonly #base: GradeSet
  readonly #anchors: Map<string, readonly GradeRecord[]>
  readonly #best: Map<string, readonly GradeRecord[]>
  readonly #rounds: FinishedRound[] = []
  #parent: AcceptedAdapter | null = null
  #parentGrades: GradeSet

  constructor(arm: { readonly name: string; readonly role: 'candidate' | 'control' }, base: GradeSet, retention: readonly string[]) {
    this.arm = arm.name
    this.role = arm.role
    this.#base = base
    this.#parentGrades = base
    this.#anchors = new Map(retention.map((name) => [name, recordsOf(base, name)]))
    this.#best = new Map(base)
  }

  get parent(): AcceptedAdapter | null {
    return this.#parent
  }

  /** Names of the features accepted so far: with the retention evals they are what a round must not lose. */
  get acceptedFeatures(): readonly string[] {
    return this.#rounds.filter((round) => round.outcome === 'ACCEPTED').map((round) => round.feature)
  }

  get rounds(): readonly FinishedRound[] {
    return this.#rounds
  }

  /** Dev scores of the candidates that were accepted for their features: these are the features' anchors. */
  get anchorScores(): ReadonlyMap<string, number | null> {
    const accepted = this.#rounds.filter((round) => round.outcome === 'ACCEPTED')
    return new Map(accepted.map((round) => [round.feature, round.adapter?.devScore ?? null]))
  }

  baselines(): BaselineGrades {
    return { parent: this.#parentGrades, base: this.#base, anchors: this.#anchors, best: this.#best }
  }

  add(round: FinishedRound): void {
    this.#rounds.push(round)
    if (round.outcome !== 'ACCEPTED' || round.grades === null) return
    this.#parent = round.adapter
    this.#parentGrades = round.grades
    this.#anchors.set(round.feature, recordsOf(round.grades, round.feature))
    for (const [name, records] of round.grades) {
      if (passShare(records) > passShare(this.#best.get(name) ?? [])) this.#best.set(name, records)
    }
  }

  /** For the run's header; adapters by their path inside the run directory. */
  toRecord(directory: string): RunHeader['lineages'][number] {
    const pathOf = (adapter: AcceptedAdapter | null): string | null => (adapter === null ? null : relative(directory, adapter.directory))
    const rounds = this.#rounds.map(({ round, feature, outcome, adapter }) => ({ round, feature, outcome, adapter: pathOf(adapter) }))
    return { arm: this.arm, role: this.role, rounds }
  }
}
