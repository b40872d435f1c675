/**
 * @file Opens a run's base model: found, checked, loaded into an engine of its own thread.
 */
import { relative } from 'node:path'
import { openEmbeddedBase } from '../model/embedded-base.ts'
import type { EmbeddedBase, EmbeddedOptions } from '../model/embedded-base.ts'
import type { OpenedModel } from '../model/open-model.ts'
import { resolveModel } from '../model/resolve-model.ts'
import { AdapterAsBaseError } from './errors.ts'
import type { PlannedBase } from './backend/backend.ts'

/** An open base; close its engine at the end. */
export interface OpenBase extends EmbeddedBase {
  readonly record: PlannedBase
}

/** How a base is opened. */
export type OpenBaseOptions = EmbeddedOptions

/** @throws AdapterAsBaseError, ServerModelNotLoadableError, and the errors of finding and opening models */
export async function openBase(reference: string, options: OpenBaseOptions = {}): Promise<OpenBase> {
  const resolved = await resolveModel(reference)
  if (resolved.adapterDirectory !== null) throw new AdapterAsBaseError(reference)
  const base = await openEmbeddedBase(resolved.baseDirectory, options)
  return { ...base, record: recordOf(base, reference, resolved.baseDirectory) }
}

/** What the plan says of a model that nothing is trained on; of a server's it knows no more than the server says. */
export function recordOfOpened({ embedded, model, origin, hash }: OpenedModel, reference: string): PlannedBase {
  if (embedded !== null) return recordOf(embedded, reference, origin)
  return {
    name: reference,
    directory: origin,
    hash,
    tokenizer: model.identity.tokenizer,
    parameterCount: 0,
    runtime: model.identity.engine,
  }
}

function recordOf({ engine, tokenizer }: EmbeddedBase, name: string, directory: string): PlannedBase {
  const { hash, parameterCount, runtime } = engine.model
  return { name: shownPath(name), directory: shownPath(directory), hash, tokenizer: tokenizer.hash, parameterCount, runtime }
}

/** Relative where it lies below the working directory, so that records do not depend on where a project was cloned. */
export function shownPath(path: string): string {
  const shown = relative(process.cwd(), path)
  return shown === '' || shown.startsWith('..') ? path : shown
}
