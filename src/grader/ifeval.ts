/**
 * @file Grader "ifeval": the answer follows instructions that a program can check, the kinds of IFEval, IFBench and Tülu 3.
 */
import { OnFirstUse } from '../base/on-first-use.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { checkOptions, choice, COMMON } from './options/check-options.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `ifeval`. */
export interface IfevalOptions {
  /** `loose`, in profile `eval` only: an instruction is followed when it is in the answer without asterisks, first line or last line. Default `strict`. */
  readonly mode?: 'strict' | 'loose'
  readonly name?: string
  readonly weight?: number
}

/** A hundred instructions and a detector of languages. */
const rows = new OnFirstUse(() => import('./ifeval/grade-row.ts'))

/**
 * Expected is a row of Google's dataset or just its `{ instruction_id_list, kwargs }`, or Tülu's `[{ instruction_id, kwargs }]`. Reward is the share of instructions that the answer follows,
 * so a pass at 1 is the paper's prompt-level accuracy, and the parts are its instruction-level accuracy. An unknown instruction, and arguments that do not
 * fit it, are an error when the eval is loaded.
 * Where it departs from Google's Python: keywords are no regular expressions, words keep their vowel signs and accents, sentences are split by rules like
 * Punkt's, and the language is told by a small detector of its own. Where that cannot tell, there is no grade (LANGUAGE_UNCERTAIN).
 */
export function ifeval(options: IfevalOptions = {}): Grader {
  checkOptions<IfevalOptions>('ifeval', options, { ...COMMON, mode: choice('strict', 'loose').optional() })
  const mode = options.mode ?? 'strict'
  return builtIn({
    name: options.name ?? 'ifeval',
    kind: 'ifeval',
    // 2: sentences, words and capitals are counted as the reference does, forbidden words may end in signs, an uncertain language is no grade.
    version: 2,
    settings: { mode },
    weight: options.weight,
    ready: () => rows.load(),
    expectedProblem: (expected) => rows.get().rowProblem(expected),
    traits: { expectsAnswer: () => false },
    grade: (input) => rows.use(({ gradeRow }) => gradeRow(input, mode === 'loose' && input.profile === 'eval')),
  })
}

export const ifevalCard: GraderCard<typeof ifeval> = {
  make: ifeval,
  family: 'instructions',
  compares: '100 checkable instructions',
  expected: 'a row of IFEval',
  rewardDemands: 'no `loose` mode',
  partialCredit: 'per instruction',
  example: {
    make: () => ifeval(),
    expected: { instruction_id_list: ['punctuation:no_comma'], kwargs: [{}] },
    right: 'take it after meals',
    wrong: 'take it, after meals',
  },
}
