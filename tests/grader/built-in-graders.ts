/** @file One grader of every kind that is built in. */
import type { Grader } from '../../src/eval/grader.ts'
import { graders } from '../../src/grader/graders.ts'

const judged = { model: 'judge' } as const

/** A maker for each member of `graders`: the type makes sure that none is forgotten. */
const MAKERS: { readonly [name in Exclude<keyof typeof graders, 'custom'>]: () => readonly Grader[] } = {
  exactMatch: () => [graders.exactMatch()],
  contains: () => [graders.contains()],
  oneOf: () => [graders.oneOf()],
  regex: () => [graders.regex({ pattern: 'a' })],
  label: () => [graders.label({ labels: ['a', 'b'] })],
  answer: () => [graders.answer()],
  number: () => [graders.number()],
  date: () => [graders.date()],
  isoDate: () => [graders.isoDate()],
  list: () => [graders.list()],
  set: () => [graders.set()],
  jsonMatch: () => [graders.jsonMatch()],
  jsonSchema: () => [graders.jsonSchema({ schema: { type: 'object' } })],
  toolCall: () => [graders.toolCall()],
  editDistance: () => [graders.editDistance()],
  bleu: () => [graders.bleu()],
  rouge: () => [graders.rouge({ n: 'l' })],
  textSimilarity: () => [graders.textSimilarity({ metric: 'bleu' })],
  embeddingSimilarity: () => [graders.embeddingSimilarity({ model: 'embedder' })],
  judge: () => [
    graders.judge.score({ ...judged, rubric: 'Good?' }),
    graders.judge.label({ ...judged, question: 'Which?', labels: ['a', 'b'], passing: ['a'] }),
    graders.judge.rubric({ ...judged, criteria: [{ name: 'short', text: 'It is short.' }] }),
    graders.judge.pairwise({ ...judged, against: 'expected' }),
  ],
  javascript: () => [graders.javascript({ source: 'export const grade = () => 1' })],
  python: () => [graders.python({ source: 'def grade(sample, item):\n  return 1' })],
  runsTests: () => [graders.runsTests({ language: 'python' })],
  ifeval: () => [graders.ifeval()],
  weighted: () => [graders.weighted({ graders: [graders.exactMatch()] })],
  formula: () => [graders.formula({ expression: 'a', graders: { a: graders.exactMatch() } })],
  fromRft: () => [
    graders.fromRft({
      type: 'string_check',
      name: 'same',
      input: '{{sample.output_text}}',
      reference: '{{item.expected}}',
      operation: 'eq',
    }),
  ],
}

export function builtInGraders(): readonly Grader[] {
  return Object.values(MAKERS).flatMap((make) => make())
}
