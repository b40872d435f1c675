/**
 * @file Eval: the cases, prompt, parser and graders of one app feature or of one general ability that must be retained.
 * `EvalOptions` is what a user writes, `Eval` the checked value that the rest of Holdfast uses. Importing an eval file has no side effect.
 */
import type { Case } from './case.ts'
import type { CaseSource, FieldMapping, OnBadRow, OnDuplicate, RoleShares } from './case-source.ts'
import type { Intake } from './cases/intake.ts'
import type { Message, Sampling, Tool } from './completion.ts'
import type { Grader } from './grader.ts'

export type { CaseSource } from './case-source.ts'

/** A prompt: a template with {{input}} or {{input.field}}, messages whose contents are such templates, or the app's own function. */
export type PromptSource = string | readonly Message[] | ((row: Case) => readonly Message[] | Promise<readonly Message[]>)

/** Writes the answer that a demonstration shows for a case. */
export type Demonstration = (row: Case) => string

/** What a user writes: a pure value, checked when it is loaded. */
export interface EvalOptions {
  /** Lower-case letters, digits and hyphens: it becomes part of file names. */
  readonly name: string
  readonly description?: string
  readonly cases: CaseSource
  /** Which columns of a row are which members of a case. Default: the rows are cases. */
  readonly fields?: FieldMapping
  /** What happens to rows that repeat an earlier one. Default `refuse`. */
  readonly onDuplicate?: OnDuplicate
  /** What happens to rows that are no cases. Default `refuse`. */
  readonly onBadRow?: OnBadRow
  /** Encoding of text files that are not UTF-8, by the names that TextDecoder knows: "windows-1252", "shift_jis". A byte order mark says more. */
  readonly encoding?: string
  /** Names of the columns of CSV and TSV files without a header. */
  readonly columns?: readonly string[]
  /** How cases without a role are shared out, by a hash of their cluster or id. Default: 50 % train, 10 % dev, 40 % gate. */
  readonly roles?: RoleShares
  /** Stands before the turns of a case. May be left out: then the model is asked a case's turns, or its input where it has none. */
  readonly prompt?: PromptSource
  /** A system prompt before everything else; a template like the prompt. */
  readonly system?: string
  /**
   * Worked examples asked before each case, through the same prompt: written out, or that many training cases by the hash of their ids. No case is
   * shown itself or its original; cases that are shown are trained on like others.
   */
  readonly fewShot?: FewShot
  /** Tools that the model may call. */
  readonly tools?: readonly Tool[]
  /** The app's own post-processing, run before grading. A throw is a grade error `PARSE_THREW`, not a zero. */
  readonly parse?: (text: string) => unknown
  readonly graders: readonly Grader[]
  /** Measured, never rewarded. */
  readonly auditGraders?: readonly Grader[]
  /** A case passes when its reward is at least this. Default 1. */
  readonly passThreshold?: number
  /** Default: greedy, no truncation, 64 new tokens. */
  readonly sampling?: Partial<Sampling>
  /** Completions per case (elsewhere called epochs), in `eval`, under vitest and in the gate. Default 1. */
  readonly repeats?: number
  /** How the repeats of a case become one value of it. Default: their mean. */
  readonly reducer?: ReducerName
  /** Smallest share of cases that must pass when the eval runs as a test. Default: none, it only reports. */
  readonly minPass?: number
  /** Under vitest, one test for each case instead of one for the eval. For small evals. Default false. */
  readonly perCase?: boolean
  /** Share of cases that a guess gets right. Default 0. */
  readonly chance?: number
  /** Share of cases expected to change by chance between two harmless models; sizes the gate. Default 0.1. */
  readonly expectedFlips?: number
  /** Whether the gate compares rewards (true) or passes (false), for graders with partial credit. Default false. */
  readonly graded?: boolean
  /** Named styles of demonstrations. Default: `{ 'in-format': chosen, else expected as text or JSON }`. */
  readonly demonstrations?: Readonly<Record<string, Demonstration>>
}

/** Worked examples: as user and assistant turns, or training cases with the demonstration of their answers. */
export type FewShot = readonly { readonly input: string; readonly output: string }[] | { readonly from: 'train'; readonly count: number }

/**
 * How repeats of a case become one value. `pass@k`: the unbiased chance that at least one of k passes; `pass^k`: that all of k pass;
 * `at-least-k`: 1 when k or more pass; `majority`: the grade of the commonest answer; `best-of-n`: the best grade among the first n.
 */
export type ReducerName =
  | 'mean'
  | 'median'
  | 'mode'
  | 'max'
  | 'majority'
  | `pass@${number}`
  | `pass^${number}`
  | `at-least-${number}`
  | `best-of-${number}`

/** What models are asked, by the id of the case. */
export interface MessageSource {
  /** Undefined for an unknown id. */
  get(caseId: string): readonly Message[] | undefined
  /** What the case alone asks, without the eval's system prompt and examples. Left out where that is the same. */
  asked?(caseId: string): readonly Message[] | undefined
}

/** A checked eval with its cases loaded and its prompts rendered. */
export interface Eval {
  readonly kind: 'holdfast.eval'
  readonly name: string
  readonly description: string
  /** Where the eval was defined, for messages: a path or the name. */
  readonly origin: string
  /** Of many cases, a view that makes objects as they are read: ask src/eval/cases/case-list.ts for roles and ids instead of walking it. */
  readonly cases: readonly Case[]
  /** What became of the rows of the case source. */
  readonly intake: Intake
  /** The rendered prompt of each case by its id. Prompt functions are called once per case, so that training, rollouts and grading share it. */
  readonly messages: MessageSource
  readonly prompt: PromptSource | null
  readonly tools: readonly Tool[]
  readonly reducer: ReducerName
  readonly minPass: number | null
  readonly perCase: boolean
  readonly parse: ((text: string) => unknown) | null
  readonly graders: readonly Grader[]
  readonly auditGraders: readonly Grader[]
  /** Of the user's code that takes part in grading, as src/identity/identify-user-code.ts gives it; null where there is none, or no file of it. */
  readonly code: string | null
  readonly passThreshold: number
  readonly sampling: Sampling
  readonly repeats: number
  readonly chance: number
  readonly expectedFlips: number
  readonly graded: boolean
  /** Set by a suite for a thinking model: with `on`, what stands before the end of its thoughts is not graded. */
  readonly thinking?: 'on' | 'off'
  /** Always has "in-format". */
  readonly demonstrations: Readonly<Record<string, Demonstration>>
}

/** An eval whose cases are not read yet: what `defineEval` gives and eval files export. `loadEval` reads and checks the cases. */
export interface EvalDefinition {
  readonly kind: 'holdfast.eval-definition'
  readonly options: EvalOptions
  /** Where it was defined, as far as that can be told: its code is known by the sources from there on. */
  readonly file?: string
}
