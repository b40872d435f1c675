/**
 * @file Every failure that Holdfast can end with, as one union on `code`: `switch (error.code)` narrows `error.data`.
 * A class that a folder's `errors.ts` exports is in it; a test finds a file that is not listed here.
 */
import { isHoldfastError as isMarked, type HoldfastError } from './base/errors.ts'
import type * as base from './base/errors.ts'
import type * as baseDownloads from './base/download-errors.ts'
import type * as baseFiles from './base/file-errors.ts'
import type * as cli from './cli/errors.ts'
import type * as engine from './engine/errors.ts'
import type * as evals from './eval/errors.ts'
import type * as evalImport from './eval/import/errors.ts'
import type * as gate from './gate/errors.ts'
import type * as grader from './grader/errors.ts'
import type * as graderFormula from './grader/formula/errors.ts'
import type * as graderRft from './grader/rft/errors.ts'
import type * as grading from './grading/errors.ts'
import type * as host from './host/errors.ts'
import type * as ledger from './ledger/errors.ts'
import type * as model from './model/errors.ts'
import type * as modelChat from './model/chat/errors.ts'
import type * as modelServer from './model/server/errors.ts'
import type * as python from './python/errors.ts'
import type * as report from './report/errors.ts'
import type * as round from './round/errors.ts'
import type * as suite from './suite/errors.ts'
import type * as trainer from './trainer/errors.ts'
import type * as trl from './trainer/trl/errors.ts'
import type * as estimate from './estimate/errors.ts'
import type * as vitest from './vitest/errors.ts'

/** The failures that a module defines: its exported classes with a code of their own. */
type FailuresOf<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new (...args: never) => infer Failure ? Coded<Failure> : never
}[keyof Module]

type Coded<Failure> = Failure extends HoldfastError ? (string extends Failure['code'] ? never : Failure) : never

/** A failure that a caller can act on: `code` says which, `data` holds what a program needs to act. */
export type HoldfastFailure =
  | FailuresOf<typeof base>
  | FailuresOf<typeof baseDownloads>
  | FailuresOf<typeof baseFiles>
  | FailuresOf<typeof cli>
  | FailuresOf<typeof engine>
  | FailuresOf<typeof evals>
  | FailuresOf<typeof evalImport>
  | FailuresOf<typeof gate>
  | FailuresOf<typeof grader>
  | FailuresOf<typeof graderFormula>
  | FailuresOf<typeof graderRft>
  | FailuresOf<typeof grading>
  | FailuresOf<typeof host>
  | FailuresOf<typeof ledger>
  | FailuresOf<typeof model>
  | FailuresOf<typeof modelChat>
  | FailuresOf<typeof modelServer>
  | FailuresOf<typeof python>
  | FailuresOf<typeof report>
  | FailuresOf<typeof round>
  | FailuresOf<typeof suite>
  | FailuresOf<typeof trainer>
  | FailuresOf<typeof trl>
  | FailuresOf<typeof estimate>
  | FailuresOf<typeof vitest>

/** What a failure of this code brings. */
export type FailureData<Code extends HoldfastFailure['code']> = Extract<HoldfastFailure, { readonly code: Code }>['data']

/** Whether `value` is a failure of Holdfast, of this or another copy of the package: recognise it so, never by `instanceof`. */
export function isHoldfastError(value: unknown): value is HoldfastFailure {
  return isMarked(value)
}
