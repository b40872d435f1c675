/**
 * @file Warns of training data that nearly holds what a model is judged by. Equal prompts stop a suite (src/eval/leakage/shared-cases.ts); here are those that
 * share long runs of words, beyond what cases of one template share by construction, and dev cases that are trained on.
 */
import { formatParts } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case, Role } from '../case.ts'
import { roleAt } from '../cases/case-list.ts'
import { inFormatDemonstration } from '../demonstration.ts'
import { RunIndex } from './run-index.ts'
import { askedOf, JUDGING, sharedPairs } from './shared-cases.ts'
import type { LoadedCases } from './shared-cases.ts'
import { wordRuns } from './word-runs.ts'

/** When an overlap is worth a warning. */
export interface OverlapOptions {
  /** Words in a run. Default 13. */
  readonly words?: number
  /** Smallest share of a judging prompt's runs that stand in one training case. Default 0.5. */
  readonly share?: number
}

/** A training case that nearly holds the prompt of a judging case. Names are "eval/id". */
export interface OverlapPair {
  readonly trained: string
  readonly judged: string
  readonly role: Role
  readonly share: number
}

/** One warning for each pair of evals, the pairs with most in common first. */
export interface OverlapWarning {
  readonly code: 'CASES_OVERLAP' | 'CASES_SHARED_DEV'
  readonly message: string
  readonly pairs: readonly OverlapPair[]
}

const SHOWN = 5
/** Of more cases than this, every second, third … is looked at. */
const MOST_CASES = 30_000
/** A run that more training cases have is a template's, however many there are. */
const MOST_COMMON = 50
/** Training cases whose overlap with each other says what is usual. */
const BASELINE_CASES = 500

/** What training on `trained` may give away of what any of `judged` is judged by. */
export function overlapWarnings(
  trained: readonly LoadedCases[],
  judged: readonly LoadedCases[],
  options: OverlapOptions = {},
): readonly OverlapWarning[] {
  const words = options.words ?? 13
  return trained.flatMap((source) => {
    const training = trainingTexts(source, words)
    return judged.flatMap((other) => [
      ...overlapWarning(training, { source, judged: other, words, share: options.share ?? 0.5 }),
      ...devWarning(source, other),
    ])
  })
}

interface TrainingTexts {
  /** Training cases; behind them the index has the texts of worked examples. */
  readonly rows: readonly Case[]
  readonly index: RunIndex
  /** What nine of ten training cases share at most with another one of a different cluster. */
  readonly usual: number
}

function trainingTexts(source: LoadedCases, words: number): TrainingTexts {
  const rows = sample(source, (role) => role === 'train')
  const examples = exampleTexts(source, rows[0]).map((text) => wordRuns(text, words))
  const texts = [...rows.map((row) => trainedRuns(source, row, words)), ...examples]
  const index = new RunIndex(texts, Math.min(MOST_COMMON, Math.max(4, Math.floor(rows.length / 100))))
  const stride = Math.max(1, Math.floor(rows.length / BASELINE_CASES))
  const shares: number[] = []
  for (let at = 0; at < rows.length; at += stride) {
    const row = rows[at] as Case
    const runs = wordRuns(askedText(source, row), words)
    shares.push(index.best(runs, (other) => other !== at && !sameCluster(rows[other], row))?.share ?? 0)
  }
  const usual = shares.toSorted((a, b) => a - b)[Math.floor(shares.length * 0.9)] ?? 0
  return { rows, index, usual }
}

function overlapWarning(
  { rows, index, usual }: TrainingTexts,
  asked: { readonly source: LoadedCases; readonly judged: LoadedCases; readonly words: number; readonly share: number },
): OverlapWarning[] {
  const { source, judged, words } = asked
  const limit = Math.max(asked.share, (1 + usual) / 2)
  const isOwn = source.name === judged.name
  const related = (one: Case | undefined, row: Case): boolean =>
    isOwn && one !== undefined && (sameCluster(one, row) || row.twinOf === one.id)
  const pairs = sample(judged, (role) => JUDGING.has(role)).flatMap((row): OverlapPair[] => {
    const best = index.best(wordRuns(askedText(judged, row), words), (text) => !related(rows[text], row))
    if (best === undefined || best.share < limit) return []
    const trainedId = rows[best.text]?.id ?? 'few-shot'
    return [{ trained: `${source.name}/${trainedId}`, judged: `${judged.name}/${row.id}`, role: row.role, share: best.share }]
  })
  if (pairs.length === 0) return []
  const sorted = pairs.toSorted((a, b) => b.share - a.share)
  const shown = sorted.slice(0, SHOWN).map((pair) => `${namesOf(pair)} ${Math.round(pair.share * 100)} %`)
  const message = formatParts({
    code: 'CASES_OVERLAP',
    summary: `Training on "${source.name}" nearly shows what "${judged.name}" is judged by: ${listed(shown, pairs.length)}`,
    where: `runs of ${words} words; training cases of "${source.name}" share up to ${Math.round(usual * 100)} % of them with each other`,
    fix: 'take one case of each pair away, or give both the same cluster where a template makes them alike',
  })
  return [{ code: 'CASES_OVERLAP', message, pairs: sorted }]
}

/** Dev cases choose the checkpoint: trained on, they choose the one that learned them by heart. */
function devWarning(source: LoadedCases, other: LoadedCases): OverlapWarning[] {
  const found = sharedPairs(source, other, DEV)
  if (found.length === 0) return []
  const texts = found.slice(0, SHOWN).map(({ text }) => text)
  const message = formatParts({
    code: 'CASES_SHARED_DEV',
    summary: `Dev cases of "${other.name}" are trained on: ${listed(texts, found.length)}`,
    where: 'prompts compared without case and white space',
    fix: 'take one case of each pair away: such dev cases choose the checkpoint that learned them by heart',
  })
  const pairs = found.map(({ trained, judged }) => ({ trained, judged, role: 'dev' as const, share: 1 }))
  return [{ code: 'CASES_SHARED_DEV', message, pairs }]
}

const DEV: ReadonlySet<Role> = new Set(['dev'])

function namesOf({ trained, judged, role }: OverlapPair): string {
  return `${quoteUntrusted(trained)} and ${quoteUntrusted(judged)} (${role})`
}

function listed(shown: readonly string[], count: number): string {
  return count > shown.length ? `${shown.join('; ')}; and ${count - shown.length} more` : shown.join('; ')
}

function sameCluster(one: Case | undefined, other: Case): boolean {
  return one?.cluster !== undefined && one.cluster === other.cluster
}

/** What every training prompt shows before its own question: the worked examples. */
function exampleTexts(source: LoadedCases, row: Case | undefined): readonly string[] {
  if (row === undefined) return []
  const [all, own] = [source.messages.get(row.id) ?? [], new Set(askedOf(source, row).map(({ content }) => content))]
  return all.filter(({ role, content }) => role !== 'system' && !own.has(content)).map(({ content }) => content)
}

function sample({ cases }: LoadedCases, wanted: (role: Role) => boolean): Case[] {
  const indexes: number[] = []
  for (let at = 0; at < cases.length; at++) if (wanted(roleAt(cases, at))) indexes.push(at)
  const stride = Math.ceil(indexes.length / MOST_CASES)
  return indexes.filter((_, index) => index % stride === 0).map((at) => cases[at] as Case)
}

/** What the case alone asks, without system messages: those are the same for all. */
function askedText(loaded: LoadedCases, row: Case): string {
  return askedOf(loaded, row)
    .filter(({ role }) => role !== 'system')
    .map(({ content }) => content)
    .join('\n')
}

/** All that training may show of a case. */
function trainedRuns(loaded: LoadedCases, row: Case, words: number): ReadonlySet<number> {
  const answers = [inFormatDemonstration(row), row.chosen, row.rejected].filter((text) => text !== undefined)
  const runs = new Set(wordRuns(askedText(loaded, row), words))
  for (const answer of new Set(answers)) for (const run of wordRuns(answer, words)) runs.add(run)
  return runs
}
