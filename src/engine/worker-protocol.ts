/**
 * @file What the engine's thread and its client say to each other. Errors cross with their code, place and fix.
 */
import { HoldfastError, isHoldfastError } from '../base/errors.ts'
import type { Engine, EngineProgress, ModelDescription } from './engine.ts'
import type { EngineOptions } from './core.ts'

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

/** An error as data. */
export interface CrossedError {
  readonly code: string | null
  readonly name: string
  readonly message: string
  readonly summary: string
  readonly where: string
  readonly fix: string
  readonly stack: string | undefined
}

export function packError(error: unknown): CrossedError {
  const known = error instanceof Error ? error : new Error(String(error))
  const parts = isHoldfastError(known) ? known : { code: null, summary: known.message, where: 'engine', fix: '' }
  return {
    code: parts.code,
    summary: parts.summary,
    where: parts.where,
    fix: parts.fix,
    name: known.name,
    message: known.message,
    stack: known.stack,
  }
}

/** The error again: a HoldfastError with the same three parts, or an unforeseen one with the thread's stack. */
export function unpackError(crossed: CrossedError): Error {
  const { code, summary, where, fix, name, stack } = crossed
  if (code === null) return new EngineFailure(crossed.message, stack)
  const error = new HoldfastError({ code, summary, where, fix })
  error.name = name
  return error
}

/** An unforeseen failure inside the engine's thread, with the stack it had there. */
export class EngineFailure extends HoldfastError {
  constructor(message: string, stack: string | undefined) {
    super({
      code: 'ENGINE_FAILED',
      summary: message,
      where: 'engine thread',
      fix: 'this may be a bug in Holdfast: please report it with the stack',
    })
    if (stack !== undefined) this.stack = stack
  }
}
