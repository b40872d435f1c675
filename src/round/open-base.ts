/**
 * @file Opens a run's base model: found, checked, loaded into an engine of its own thread.
 */
import { relative } from 'node:path'
import { openEngine } from '../engine/client.ts'
import type { Engine } from '../engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import { resolveModel } from '../model/resolve-model.ts'
import { AdapterAsBaseError } from './errors.ts'
import type { PlannedBase } from './plan-run.ts'

/** An open base; close its engine at the end. */
export interface OpenBase {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly record: PlannedBase
}

/** @throws AdapterAsBaseError, and the errors of finding and opening models */
export async function openBase(reference: string, options: { readonly threads?: number | undefined } = {}): Promise<OpenBase> {
  const resolved = await resolveModel(reference)
  if (resolved.adapterDirectory !== null) throw new AdapterAsBaseError(reference)
  return openBaseDirectory(resolved.baseDirectory, reference, options)
}

/** Opens a model directory that is known to hold a whole model. */
export async function openBaseDirectory(
  directory: string,
  name: string,
  options: { readonly threads?: number | undefined } = {},
): Promise<OpenBase> {
  const tokenizer = openTokenizer(directory)
  const engine = await openEngine(directory, options.threads === undefined ? {} : { threads: options.threads })
  const { hash, parameterCount, runtime } = engine.model
  const record = { name: shownPath(name), directory: shownPath(directory), hash, tokenizer: tokenizer.hash, parameterCount, runtime }
  return { engine, tokenizer, record }
}

/** Relative where it lies below the working directory, so that records do not depend on where a project was cloned. */
function shownPath(path: string): string {
  const shown = relative(process.cwd(), path)
  return shown === '' || shown.startsWith('..') ? path : shown
}
