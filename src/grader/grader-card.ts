/**
 * @file What a built-in grader says of itself, in its own file: its factory, its row of docs/graders.md, an example. `graders`, the table and the tests
 * that every grader must pass are made of the cards that src/grader/built-in.ts lists. What differs between two graders of one factory (how they are
 * checked and exported) is in the traits of the grader.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grader } from '../eval/grader.ts'

/** What a grader looks at; the order of the table. */
export const FAMILIES = ['text', 'value', 'structure', 'likeness', 'instructions', 'judge', 'code', 'combination', 'own'] as const

/** Markdown, except for the example. */
export interface GraderCard<Make> {
  readonly make: Make
  readonly family: (typeof FAMILIES)[number]
  readonly compares: string
  /** What a case's `expected` is to it. */
  readonly expected: string
  /** What profile `reward` asks beyond `eval`. */
  readonly rewardDemands: string
  readonly partialCredit: string
  /** Null for graders that need a model or a sandbox. */
  readonly example: GraderExample | null
}

/** One grader, and an answer of which it is certain in both profiles. */
export interface GraderExample {
  readonly make: () => Grader
  readonly expected: JsonValue
  /** Earns 1. */
  readonly right: string
  /** Earns 0. */
  readonly wrong: string
}
