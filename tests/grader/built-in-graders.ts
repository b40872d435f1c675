/** @file One grader of every kind that is built in. */
import type { Grader } from '../../src/eval/grader.ts'
import * as CARDS from '../../src/grader/built-in.ts'
import { graders } from '../../src/grader/graders.ts'

const judged = { model: 'judge' } as const

/** Makers of graders that need more than their cards' example. */
const MAKERS: { readonly [Name in keyof typeof CARDS]?: () => readonly Grader[] } = {
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
}

export function builtInGraders(): readonly Grader[] {
  return Object.entries(CARDS).flatMap(([name, { example }]) => {
    if (name === 'custom') return []
    const make = MAKERS[name as keyof typeof CARDS]
    return make === undefined ? [example?.make()].flatMap((grader) => grader ?? []) : make()
  })
}
