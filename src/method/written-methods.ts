/**
 * @file What an arm may hold, from the list of cards: the types of a suite file. Types alone.
 */
import type { METHOD_CARDS } from './method-cards.ts'
import type { ChangesOf, WrittenMethod } from './written-method.ts'

type Schemas = (typeof METHOD_CARDS)[number]['schema']

type Each<Schema> = Schema extends Schemas ? WrittenMethod<Schema> : never

/** One method with its settings. */
export type WrittenMethodUnion = Each<Schemas>

/** A chain as an arm holds it. */
export interface WrittenChain {
  readonly name: 'chain'
  readonly stages: readonly WrittenMethodUnion[]
}

/** What an arm holds: a method, or a chain of them. */
export type ArmMethod = WrittenMethodUnion | WrittenChain

/** Changes to an arm's method for one feature's round or within a budget. */
export interface MethodSettings extends ChangesOf<Schemas> {
  readonly name?: ArmMethod['name']
  /** Of a chain: all its stages anew. */
  readonly stages?: readonly WrittenMethodUnion[]
}
