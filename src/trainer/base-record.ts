/**
 * @file What a run's plan says of its base model.
 */
import { displayPath } from '../base/display-path.ts'
import type { EmbeddedBase } from '../model/embedded-base.ts'

/** What is known of the base once its trainer is open. */
export interface BaseRecord {
  readonly name: string
  readonly directory: string
  readonly hash: string
  readonly tokenizer: string
  readonly parameterCount: number
  readonly runtime: string
}

/** What records say of a base that is open in an engine. Paths are relative, so that they do not depend on where a project was cloned. */
export function embeddedBaseRecord({ engine, tokenizer }: EmbeddedBase, name: string, directory: string): BaseRecord {
  const { hash, parameterCount, runtime } = engine.model
  return { name: displayPath(name), directory: displayPath(directory), hash, tokenizer: tokenizer.hash, parameterCount, runtime }
}
