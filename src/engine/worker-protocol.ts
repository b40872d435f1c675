/**
 * @file What the engine's thread and its client say to each other. Errors cross as data.
 */
import { HoldfastError, isHoldfastError } from '../base/errors.ts'
import type { Engine, EngineProgress, ModelDescription } from './engine.ts'
import type { EngineOptions } from './core.ts'
import { EngineFailedError } from './errors.ts'

/** Calls that can be made of the engine's thread. */
export type EngineCall = Exclude<keyof Engine, 'model'>

/** What the thread is started with. */
export interface WorkerStart {
  readonly directory: string
  readonly options: EngineOptions
}

export interface WorkerRequest {
  readonly id: number
  readonly call: EngineCall
  readonly args: readonly unknown[]
}

export type WorkerReply =
  | { readonly type: 'opened'; readonly model: ModelDescription }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'progress'; readonly id: number; readonly progress: EngineProgress }
  | { readonly type: 'failed'; readonly id: number | null; readonly error: CrossedError }

/** An error as data. `failure` is null for one that was not foreseen. */
export interface CrossedError {
  readonly failure: ReturnType<HoldfastError['toJSON']> | null
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

export function packError(error: unknown): CrossedError {
  const known = error instanceof Error ? error : new Error(String(error))
  return { failure: isHoldfastError(known) ? known.toJSON() : null, name: known.name, message: known.message, stack: known.stack }
}

/** The error again: a HoldfastError with the same code, data and texts, or an unforeseen one with the thread's stack. */
export function unpackError({ failure, name, message, stack }: CrossedError): Error {
  if (failure === null) return new EngineFailedError({ problem: message, stack })
  const error = new HoldfastError(failure)
  error.name = name
  return error
}
