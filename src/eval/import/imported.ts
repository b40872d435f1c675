/**
 * @file What an import gives, wherever it came from: cases, and what could not be taken over, with where it stands.
 */
import type { CaseInput } from '../case.ts'
import type { Message } from '../completion.ts'

/** Something of a file that has no counterpart, or that only a person can decide. */
export interface NotConverted {
  /** Where it stands in the file: "tests[3].assert[0]", "line 12". */
  readonly where: string
  readonly what: string
}

/** One eval made of a file. */
export interface ImportedEval {
  /** Added to the name of the import where a file becomes several evals; empty for the first. */
  readonly suffix: string
  readonly description: string
  readonly cases: readonly CaseInput[]
  /** Null: the cases' own turns are asked. */
  readonly prompt: string | readonly Message[] | null
  /** Source text of grader expressions: `graders.exactMatch()`. */
  readonly graders: readonly string[]
}

/** All that a file became. */
export interface Imported {
  readonly evals: readonly ImportedEval[]
  readonly notConverted: readonly NotConverted[]
  /** Sentences about choices that were made, for the person who reads the result. */
  readonly notes: readonly string[]
}

/** Collects what could not be converted: one entry for many mentions of the same thing. */
export class NotConvertedList {
  readonly #mentions = new Map<string, string[]>()

  add(where: string, what: string): void {
    const mentions = this.#mentions.get(what)
    if (mentions === undefined) this.#mentions.set(what, [where])
    else mentions.push(where)
  }

  list(): readonly NotConverted[] {
    return [...this.#mentions].map(([what, mentions]) => ({
      where: mentions.length > 3 ? `${mentions.slice(0, 3).join(', ')} and ${mentions.length - 3} more` : mentions.join(', '),
      what,
    }))
  }
}
