/**
 * @file Opens a run's base model: found, checked, loaded into an engine of its own thread.
 */
import { relative } from 'node:path'
import { openEngine } from '../engine/client.ts'
import type { Engine } from '../engine/engine.ts'
import type { Device } from '../engine/session.ts'
import { openTokenizer, type Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import { resolveModel } from '../model/resolve-model.ts'
import { AdapterAsBaseError } from './errors.ts'
import type { PlannedBase } from './backend/backend.ts'

/** An open base; close its engine at the end. */
export interface OpenBase {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly record: PlannedBase
}

/** How a base is opened. */
export interface OpenBaseOptions {
  readonly threads?: number | undefined
  readonly device?: Device | undefined
  readonly thinking?: 'on' | 'off' | null | undefined
}

/** @throws AdapterAsBaseError, and the errors of finding and opening models */
export async function openBase(reference: string, options: OpenBaseOptions = {}): Promise<OpenBase> {
  const resolved = await resolveModel(reference)
  if (resolved.adapterDirectory !== null) throw new AdapterAsBaseError(reference)
  return openBaseDirectory(resolved.baseDirectory, reference, options)
}

/** Opens a model directory that is known to hold a whole model. */
export async function openBaseDirectory(
  directory: string,
  name: string,
  { threads, device, thinking = null }: OpenBaseOptions = {},
): Promise<OpenBase> {
  const tokenizer = openTokenizer(directory, { thinking })
  const engine = await openEngine(directory, { ...(threads === undefined ? {} : { threads }), ...(device === undefined ? {} : { device }) })
  const { hash, parameterCount, runtime } = engine.model
  const record = { name: shownPath(name), directory: shownPath(directory), hash, tokenizer: tokenizer.hash, parameterCount, runtime }
  return { engine, tokenizer, record }
}

/** Relative where it lies below the working directory, so that records do not depend on where a project was cloned. */
export function shownPath(path: string): string {
  const shown = relative(process.cwd(), path)
  return shown === '' || shown.startsWith('..') ? path : shown
}
