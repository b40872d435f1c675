/**
 * @file What became of the rows of an eval's case source: how many were read, and which were left out, renamed or contradict each other. Nothing of it
 * may go unseen, so it travels with the eval.
 */

/** How many rows, and where the first few of them stand. */
export interface RowTally {
  readonly count: number
  readonly first: readonly string[]
}

/** The rows of a source and what became of those that are not cases as they stand. */
export interface Intake {
  /** All rows, those left out too. */
  readonly rows: number
  /** Broken rows that `onBadRow: 'skip'` left out. */
  readonly skipped: RowTally
  /** Rows that `onDuplicate: 'drop'` left out, because an earlier one says the same. */
  readonly dropped: RowTally
  /** Rows that `onDuplicate: 'number'` gave an id of their own. */
  readonly numbered: RowTally
  /** Kept rows that ask what an earlier one asks and expect something else. */
  readonly conflicting: RowTally
}

/** A line for people, with a code, like the warnings of a run. */
export interface IntakeWarning {
  readonly code: string
  readonly message: string
}

const FIRST = 3

/** Counts while rows are read. */
export class IntakeCounts {
  rows = 0
  readonly #tallies = { skipped: emptyTally(), dropped: emptyTally(), numbered: emptyTally(), conflicting: emptyTally() }

  /** `describe` is asked for the first few only. */
  add(what: keyof Omit<Intake, 'rows'>, describe: () => string): void {
    const tally = this.#tallies[what]
    if (tally.count < FIRST) tally.first.push(describe())
    tally.count += 1
  }

  get intake(): Intake {
    return { rows: this.rows, ...this.#tallies }
  }
}

function emptyTally(): { count: number; first: string[] } {
  return { count: 0, first: [] }
}

/** What must be said about the rows of an eval; nothing where every row is a case. */
export function intakeWarnings(evalName: string, { rows, skipped, dropped, numbered, conflicting }: Intake): readonly IntakeWarning[] {
  const warning = (code: string, tally: RowTally, texts: readonly [verb: string, fix: string]): IntakeWarning[] => {
    if (tally.count === 0) return []
    const [verb, fix] = texts
    const summary = `Eval "${evalName}": ${tally.count.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows ${verb}`
    const more = tally.count > tally.first.length ? `; and ${tally.count - tally.first.length} more` : ''
    return [{ code, message: `${summary}\n  where  ${tally.first.join('; ')}${more}\n  fix    ${fix}` }]
  }
  return [
    ...warning('CASES_SKIPPED', skipped, ['are no cases and were left out', 'mend these rows, or take them out of the file']),
    ...warning('CASES_DROPPED', dropped, ['say the same as an earlier one and were left out', 'nothing, if they are copies by mistake']),
    ...warning('CASES_NUMBERED', numbered, [
      'got an id of their own',
      'nothing, if they are meant: each counts with the row it repeats as one cluster',
    ]),
    ...warning('CASES_CONFLICTING', conflicting, [
      'expect another answer than an earlier row that asks the same',
      'decide which answer is right, or take a grader that accepts them all: no model can give both',
    ]),
  ]
}
