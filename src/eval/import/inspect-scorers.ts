/**
 * @file The built-in scorers of Inspect as graders. A scorer that is not built in is Python and is listed.
 */
import type { CaseInput } from '../case.ts'
import type { NotConvertedList } from './imported.ts'

const SCORERS: ReadonlyMap<string, string> = new Map([
  ['includes', 'graders.contains({ "match": "any", "ignoreCase": true, "wordBoundaries": false })'],
  ['exact', 'graders.oneOf()'],
])

const REASONS: ReadonlyMap<string, string> = new Map([
  ['match', 'compares the beginning or end of the answer: the grader here compares the whole answer'],
  ['answer', 'looks for "ANSWER: …": write graders.regex with a group'],
  ['pattern', 'has its pattern in Python: write graders.regex with a group'],
  ['f1', 'is the share of common words: graders.rouge({ n: 1 }) is the nearest'],
  ['choice', 'belongs to samples with choices'],
  ['math', 'compares formulas: graders.answer() is the nearest'],
  ['perplexity', 'is no property of an answer'],
  ['model_graded_qa', 'is judged by a model: add graders.judge with a judge of your own'],
  ['model_graded_fact', 'is judged by a model: add graders.judge with a judge of your own'],
])

/** Source texts of the graders for a log's scorers; where none can be taken over, one that compares with the targets. */
export function gradersOfScorers(scorers: readonly string[], cases: readonly CaseInput[], lost: NotConvertedList): readonly string[] {
  const known = scorers.flatMap((name) => {
    const grader = SCORERS.get(name.replace(/^inspect_ai\//, ''))
    if (grader !== undefined) return [grader]
    const reason = REASONS.get(name.replace(/^inspect_ai\//, '')) ?? 'is Python: write it as graders.custom(name, function)'
    lost.add(`scorer ${JSON.stringify(name.slice(0, 60))}`, reason)
    return []
  })
  if (known.length > 0) return [...new Set(known)]
  return [cases.some(({ expected }) => Array.isArray(expected)) ? 'graders.oneOf()' : 'graders.exactMatch()']
}
