/**
 * @file Grader and Grade: the one object that is gate, reward and data filter. Implementations live in src/grader, one per file.
 */
import type { JsonValue } from '../base/json.ts'
import type { Case } from './case.ts'
import type { Completion, Message, Sampling } from './completion.ts'

/** How lenient a grader is. The same grader is used everywhere; `holdfast eval` says how many of the same answers pass in each. */
export type GradingProfile = 'eval' | 'reward'

/** Why a completion could not be graded. The code is stable; the message may hold untrusted text, quoted. */
export interface GradeError {
  readonly code: string
  readonly message: string
}

/** The result of grading. `reward` is 0 to 1, or null when the completion could not be graded (which is never 0). */
export interface Grade {
  readonly reward: number | null
  /** Parts of the reward by name, for example one per JSON field. */
  readonly subRewards: Readonly<Record<string, number | null>>
  /** Whether the completion had the asked form at all; null where the grader has no opinion. Kept apart from right and wrong. */
  readonly formatValid: boolean | null
  /** Which rule found the answer in the text, for example "whole", "json", "last-number"; null where none was needed. */
  readonly extractionRule: string | null
  readonly errors: readonly GradeError[]
}

/** Other models that graders ask: judges and embeddings. Opened when they are first asked, shared by all graders of a process. */
export interface GraderModels {
  /**
   * One answer of the model that `reference` names as `--model` does. Cached where the model's weights are known.
   * @throws the errors of src/model for a model that cannot be opened or does not answer
   */
  complete(reference: string, request: JudgeRequest): Promise<Completion>
  /** One vector for each text, of length 1. @throws like `complete` */
  embed(reference: string, texts: readonly string[]): Promise<readonly Float32Array[]>
  /** The failure after which asking on would be in vain, for example a used-up quota: grading ends with it. Null or left out while there is none. */
  lost?(): Error | null
  /** What the model behind a reference is known by: other weights under the same reference are another judge. Null where it cannot be opened. */
  identify?(reference: string): Promise<string | null>
}

/** What a judge is asked. */
export interface JudgeRequest {
  readonly messages: readonly Message[]
  readonly sampling: Sampling
  readonly seed: number
  /** The answer must be JSON of this schema, where the model can be held to one. */
  readonly jsonSchema?: JsonValue | undefined
}

export interface GradeInput {
  readonly case: Case
  /** Its text is the answer alone: thoughts in `<think>` and the like are cut off. */
  readonly completion: Completion
  /** What the model wrote, thoughts included. Left out where a completion is graded by itself. */
  readonly written?: string | undefined
  /** What the eval's `parse` made of the completion's text; the text itself when the eval has none. */
  readonly parsed: unknown
  readonly profile: GradingProfile
  /** What the model was asked. Left out where a completion is graded by itself. */
  readonly messages?: readonly Message[] | undefined
  /** Left out where no other model may be asked. */
  readonly models?: GraderModels | undefined
}

/** Grades one completion of one case. Must not keep state between calls: rewards are asked in any order. */
export interface Grader {
  readonly name: string
  /** The built-in's kind, for example "json-match", or "custom". */
  readonly kind: string
  readonly version: number
  readonly settings: JsonValue
  /** Weight in the mean of the eval's graders. Default 1. */
  readonly weight?: number | undefined
  /** How long it may take over one completion, in milliseconds. Default 30,000; judges and programs that run code need more. */
  readonly timeoutMs?: number | undefined
  /** References of the models that it asks; left out where there are none. */
  readonly models?: readonly string[] | undefined
  /** Where functions of the user's are in it: hash of their text, which counts where their file is not known. Else kind, version and settings say all. */
  readonly sourceHash?: string | undefined
  /** Loads what the grader needs; awaited before it is asked about cases. A grader that is not made ready gives its first grade as a promise. */
  ready?(): Promise<unknown>
  /** What is wrong with what a case expects, in words that may quote it; null when it can be used. Asked for every case when an eval is loaded, so it must be quick. */
  expectedProblem?(expected: JsonValue): string | null
  /** What of the settings cannot fit an eval's cases, for example a field that none of them has; null when all fits. Asked when the eval is loaded. */
  readonly checkCases?: ((cases: Iterable<Case>) => SettingsProblem | null) | undefined
  /** Known besides how it grades; no part of what the grader is known by. */
  readonly traits?: GraderTraits | undefined
  grade(input: GradeInput): Grade | Promise<Grade>
}

/** What checks and exports ask of a grader. */
export interface GraderTraits {
  /** Whether it asks another model, so that it is tried on few answers. Left out: it does not. */
  readonly asksModel?: boolean
  /** Whether what a case expects is a right answer; tests and instructions only describe one. Left out: it is. */
  readonly expectsAnswer?: (expected: JsonValue) => boolean
  /** A right answer written otherwise, by what was changed: right by the grader's contract in both profiles. */
  readonly respelled?: (gold: string, expected: JsonValue) => Readonly<Record<string, string>>
  /** The grader as grader JSON of reinforcement fine-tuning, or why there is none. `approximate`: also where letter case and white space differ. */
  readonly toRft?: (options: {
    readonly approximate: boolean
  }) => { readonly json: Readonly<Record<string, JsonValue>> } | { readonly problem: string }
}

/** A setting that cannot work, in words for people. */
export interface SettingsProblem {
  readonly problem: string
  readonly fix: string
}
