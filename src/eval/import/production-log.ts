/**
 * @file What people gave in production, from a JSONL log: answers that they liked, disliked, corrected or chose become cases. Rows that ask the same
 * become one case; ids are made of what is asked, so that a later import of the same log gives the same cases.
 */
import { hashJson } from '../../base/hash.ts'
import { displayPath } from '../../base/display-path.ts'
import { errorCodeOf } from '../../base/file-errors.ts'
import { canonicalJson } from '../../base/json.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { readLines } from '../../base/read-lines.ts'
import type { JsonValue } from '../../base/json.ts'
import type { CaseInput } from '../case.ts'
import { ImportFileError } from './errors.ts'
import { NotConvertedList } from './imported.ts'
import type { Imported } from './imported.ts'
import { readLogRow } from './log-row.ts'
import type { LogFields, LogRow } from './log-row.ts'

/** All that was said to one question. Votes are ups minus downs of one answer. */
interface Asked {
  readonly row: LogRow
  /** The first line that asks it. */
  readonly line: number
  readonly votes: Map<string, number>
  readonly tags: Set<string>
  expected: JsonValue | null
  unrated: string | null
}

/**
 * One eval of the cases of a log: `chosen`, `rejected` and `thumb` from ratings, `expected` from corrections, else from liked answers. What nobody rated or
 * corrected is kept for training alone, tagged "unrated"; what has no known right answer too, with `expected` null and tagged "no-expected".
 * @throws ImportFileError
 */
export async function importProductionLog(path: string, fields: LogFields = {}): Promise<Imported> {
  const notConverted = new NotConvertedList()
  const byQuestion = new Map<string, Asked>()
  let rows = 0
  try {
    for await (const { text, line, isUtf8 } of readLines(path)) {
      if (!isUtf8) throw new ImportFileError({ where: `${displayPath(path)}:${line}`, problem: 'it is no UTF-8 text: convert it first' })
      if (text.trim() === '') continue
      rows += 1
      const row = readLogRow(parsed(text), fields)
      if ('problem' in row) notConverted.add(`line ${line}`, row.problem)
      else if (!addRow(byQuestion, row, line))
        notConverted.add(`line ${line}`, 'an earlier row corrects the same question differently: the first is kept')
    }
  } catch (cause) {
    if (cause instanceof ImportFileError || errorCodeOf(cause) === undefined) throw cause
    throw new ImportFileError({ where: displayPath(path), problem: 'it cannot be read' }, { cause })
  }
  const cases = [...byQuestion].flatMap(([key, asked]) => caseOf(key, asked) ?? noCase(notConverted, asked))
  const description = 'What people gave in production.'
  return {
    evals: cases.length === 0 ? [] : [{ suffix: '', description, cases, prompt: null, graders: ['graders.exactMatch()'] }],
    notConverted: notConverted.list(),
    notes: notesOf(rows, byQuestion.size, cases),
  }
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return undefined
  }
}

/** False where a correction contradicts an earlier one. */
function addRow(byQuestion: Map<string, Asked>, row: LogRow, line: number): boolean {
  const key = hashJson([row.input, row.turns])
  const known = byQuestion.get(key)
  const asked = known ?? { row, line, votes: new Map<string, number>(), tags: new Set<string>(), expected: null, unrated: null }
  if (known === undefined) byQuestion.set(key, asked)
  const vote = (text: string | null, value: number): void => {
    if (text !== null) asked.votes.set(text, (asked.votes.get(text) ?? 0) + value)
  }
  vote(row.chosen, 1)
  vote(row.rejected, -1)
  if (row.thumb !== null) vote(row.output, row.thumb === 'up' ? 1 : -1)
  else if (row.output !== null && row.output !== row.chosen && row.output !== row.rejected) asked.unrated ??= row.output
  asked.expected ??= row.expected
  for (const tag of row.tags) asked.tags.add(tag)
  return row.expected === null || canonicalJson(row.expected) === canonicalJson(asked.expected)
}

function caseOf(key: string, { row, votes, tags, expected, unrated }: Asked): CaseInput | undefined {
  // Stable sort: of equals, the first in the log.
  const ranked = [...votes].toSorted((a, b) => b[1] - a[1])
  const [best, worst] = [ranked[0], ranked.at(-1)]
  const chosen = best !== undefined && best[1] > 0 ? best[0] : undefined
  const rejected = worst !== undefined && worst[1] < 0 ? worst[0] : undefined
  const right = expected ?? chosen ?? (rejected === undefined ? unrated : null)
  if (right === null && rejected === undefined) return undefined
  const isUnrated = expected === null && chosen === undefined && rejected === undefined
  const marks = [...(isUnrated ? ['unrated'] : []), ...(right === null ? ['no-expected'] : [])]
  return {
    id: `log-${key}`,
    ...(marks.length > 0 ? { role: 'train' as const } : {}),
    input: row.input,
    expected: right,
    tags: [...tags, ...marks],
    ...(chosen === undefined ? {} : { chosen }),
    ...(rejected === undefined ? {} : { rejected }),
    ...((chosen === undefined) === (rejected === undefined) ? {} : { thumb: chosen === undefined ? ('down' as const) : ('up' as const) }),
    ...(row.turns === null ? {} : { turns: row.turns }),
  }
}

function noCase(notConverted: NotConvertedList, { row, line }: Asked): [] {
  const what = row.output === null ? 'it has no answer' : 'as many people liked the answer as disliked it'
  notConverted.add(`line ${line}`, what)
  return []
}

function notesOf(rows: number, questions: number, cases: readonly CaseInput[]): readonly string[] {
  const count = (tag: string): number => cases.filter(({ tags }) => tags?.includes(tag)).length
  const pairs = cases.filter(({ chosen, rejected }) => chosen !== undefined && rejected !== undefined).length
  return [
    `${rows} rows asked ${questions} different questions and gave ${cases.length} cases, ${pairs} of them with a chosen and a rejected answer.`,
    ...(count('unrated') > 0 ? [`${count('unrated')} cases have only answers that nobody rated: they are for training alone.`] : []),
    ...(count('no-expected') > 0 ? [`${count('no-expected')} cases have no known right answer: they are for training alone.`] : []),
    'The grader is an exact match with the liked or corrected answer: put one in its place that knows what a right answer is.',
  ]
}
