/**
 * @file Every graded case of a run, packed for the page's case browser: columns instead of objects, each text once. 100,000 graded cases
 * must fit into one HTML file, so nothing here repeats what can be looked up. The reader is page/read-payload.js.
 */
import type { RecordedCase } from '../../../ledger/run-records.ts'
import type { LineageRound, TracedRun } from '../../lineage.ts'
import { SHOWN_PURPOSES } from '../../recorded-run.ts'
import type { GradesByEval, KeptGrade } from '../../recorded-run.ts'

/** One model's grades, an entry for each item. `pass`: 1 passed, 0 failed, e could not be graded, - not asked. */
interface PackedGrades {
  readonly pass: string
  /** Index of the completion in `strings`, -1 where not asked. */
  readonly output: readonly number[]
  /** Index of the grader's trace (JSON) in `strings`, -1 where not asked. */
  readonly trace: readonly number[]
}

interface PackedModel {
  readonly round: string | null
  readonly arm: string | null
  readonly role: 'candidate' | 'control' | null
  readonly outcome: string | null
  /** Indices of the evals whose loss or gain counted in its round. */
  readonly counted: readonly number[]
  /** Index of the model it was tuned from; null for the base. */
  readonly parent: number | null
}

/** An item is a case and repeat; `messages` holds pairs of role and content, as indices into `strings`. */
export interface CasePayload {
  readonly v: 1
  readonly purposes: readonly string[]
  readonly evals: readonly string[]
  readonly tags: readonly string[]
  readonly tagSets: readonly (readonly number[])[]
  readonly models: readonly PackedModel[]
  readonly items: {
    readonly eval: readonly number[]
    readonly purpose: readonly number[]
    readonly id: readonly number[]
    readonly repeat: readonly number[]
    readonly tagSet: readonly number[]
    readonly messages: readonly (readonly number[])[]
    readonly gold: readonly number[]
  }
  readonly grades: readonly PackedGrades[]
  readonly strings: readonly string[]
}

/** Packs all cases and grades of a run; model 0 is the base (in mode `gate`: the parent). */
export function packCases(run: TracedRun): CasePayload {
  const { lineages } = run
  const strings = indexer<string>()
  const tags = indexer<string>()
  const tagSets = indexer<string>()
  const evals = run.plan.evals.map((each) => each.name)
  const models = [run.baseGrades, ...lineages.map((entry) => entry.recorded.grades)]
  const index = itemIndex(evals, models)
  const items = {
    eval: [] as number[],
    purpose: [] as number[],
    id: [] as number[],
    repeat: [] as number[],
    tagSet: [] as number[],
    messages: [] as number[][],
    gold: [] as number[],
  }
  for (const { evalName, purpose, caseId, repeat } of index.list) {
    const row = index.cases(run, evalName).get(caseId)
    items.eval.push(evals.indexOf(evalName))
    items.purpose.push(SHOWN_PURPOSES.indexOf(purpose))
    items.id.push(strings.of(caseId))
    items.repeat.push(repeat)
    items.tagSet.push(tagSets.of(JSON.stringify((row?.tags ?? []).map((tag) => tags.of(tag)))))
    items.messages.push((row?.messages ?? []).flatMap((message) => [strings.of(message.role), strings.of(message.content)]))
    items.gold.push(row === undefined ? -1 : strings.of(typeof row.expected === 'string' ? row.expected : JSON.stringify(row.expected)))
  }
  const grades = models.map((each) => packGrades(each, index, strings))
  return {
    v: 1,
    purposes: SHOWN_PURPOSES,
    evals,
    tags: tags.values,
    tagSets: tagSets.values.map((set) => JSON.parse(set) as number[]),
    models: packModels(evals, lineages),
    items,
    grades,
    strings: strings.values,
  }
}

function packModels(evals: readonly string[], lineages: readonly LineageRound[]): PackedModel[] {
  const base: PackedModel = { round: null, arm: null, role: null, outcome: null, counted: [], parent: null }
  const tuned = lineages.map((entry): PackedModel => {
    const parent = lineages.findIndex((other) => other.recorded === entry.parent)
    const { round, arm, verdict } = entry.recorded
    const counted = verdict?.evals.filter((each) => each.role === 'target' || each.role === 'old').map((each) => evals.indexOf(each.name))
    return { round, arm, role: entry.role, outcome: entry.outcome, counted: counted ?? evals.map((_, at) => at), parent: parent + 1 }
  })
  return [base, ...tuned]
}

interface Item {
  readonly evalName: string
  readonly purpose: (typeof SHOWN_PURPOSES)[number]
  readonly caseId: string
  readonly repeat: number
}

interface ItemIndex {
  readonly list: readonly Item[]
  /** Index of an item by purpose, eval, case and repeat. */
  readonly at: (purpose: string, evalName: string, grade: KeptGrade) => number
  readonly cases: (run: TracedRun, evalName: string) => ReadonlyMap<string, RecordedCase>
}

/** Every case and repeat that any model was graded on, in order of first appearance within each purpose and eval. */
function itemIndex(evals: readonly string[], models: readonly GradesByEval[]): ItemIndex {
  const list: Item[] = []
  const positions = new Map<string, Map<string, number>>()
  for (const purpose of SHOWN_PURPOSES) {
    for (const evalName of evals) {
      const seen = new Map<string, number>()
      positions.set(`${purpose} ${evalName}`, seen)
      for (const grade of models.flatMap((model) => model[purpose].get(evalName) ?? [])) {
        const key = `${grade.repeat} ${grade.caseId}`
        if (seen.has(key)) continue
        seen.set(key, list.length)
        list.push({ evalName, purpose, caseId: grade.caseId, repeat: grade.repeat })
      }
    }
  }
  const byEval = new Map<string, ReturnType<ItemIndex['cases']>>()
  return {
    list,
    at: (purpose, evalName, grade) => positions.get(`${purpose} ${evalName}`)?.get(`${grade.repeat} ${grade.caseId}`) ?? -1,
    cases: (run, evalName) => {
      const known = byEval.get(evalName) ?? new Map((run.cases.get(evalName) ?? []).map((row) => [row.id, row]))
      byEval.set(evalName, known)
      return known
    },
  }
}

function packGrades(grades: GradesByEval, index: ItemIndex, strings: Indexer<string>): PackedGrades {
  const pass = Array.from({ length: index.list.length }, () => '-')
  const output = Array.from({ length: index.list.length }, () => -1)
  const trace = Array.from({ length: index.list.length }, () => -1)
  for (const purpose of SHOWN_PURPOSES) {
    for (const [evalName, rows] of grades[purpose]) {
      for (const grade of rows) {
        const at = index.at(purpose, evalName, grade)
        pass[at] = grade.pass === null ? 'e' : grade.pass ? '1' : '0'
        output[at] = strings.of(grade.completion)
        trace[at] = strings.of(traceText(grade))
      }
    }
  }
  return { pass: pass.join(''), output, trace }
}

/** What the grader did, as JSON; the same few traces repeat over thousands of cases. */
function traceText(grade: KeptGrade): string {
  const { reward, passThreshold, subRewards, audit, extractionRule, formatValid, errorCode, errorMessage, finishReason } = grade
  return JSON.stringify({ reward, passThreshold, subRewards, audit, extractionRule, formatValid, errorCode, errorMessage, finishReason })
}

interface Indexer<T> {
  readonly of: (value: T) => number
  readonly values: T[]
}

function indexer<T>(): Indexer<T> {
  const known = new Map<T, number>()
  const values: T[] = []
  const of = (value: T): number => {
    const at = known.get(value)
    if (at !== undefined) return at
    known.set(value, values.length)
    values.push(value)
    return values.length - 1
  }
  return { of, values }
}
