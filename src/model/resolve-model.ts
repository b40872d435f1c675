/**
 * @file From what a user calls a model to directories on this machine. It opens nothing and does not know whether the weights are good.
 */
import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { displayPath } from '../base/display-path.ts'
import { downloadHubFiles } from '../base/download-hub-files.ts'
import { isHoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { readOptionalJsonFile } from '../engine/checkpoint/read-json-file.ts'
import { ServerModelNotLoadableError } from './chat/errors.ts'
import { isServerReference } from './chat/server-reference.ts'
import { AdapterBaseError, ModelNotFoundError } from './errors.ts'

const HUB_ID = /^(?<name>[\w.-]+(?:\/[\w.-]+)?)(?:@(?<revision>[\w./-]+))?$/
const WANTED_FILE = /^(?:[\w.-]+\.(?:json|jinja)|additional_chat_templates\/[\w.-]+\.jinja|(?:model|adapter_model)[\w.-]*\.safetensors)$/

const adapterConfigSchema = z.object({ base_model_name_or_path: z.string().min(1).nullish() })

/** Where a model lies. */
export interface ResolvedModel {
  /** Directory of the whole model, absolute. */
  readonly baseDirectory: string
  /** Directory of the PEFT adapter on top of it, absolute; null for a whole model. */
  readonly adapterDirectory: string | null
}

/**
 * Finds a model directory, a PEFT adapter directory with its base, or a hub id (`org/name`, `org/name@revision`), which is downloaded into the cache.
 * An adapter's base is `base` when given, else what adapter_config.json names: a path (relative to the adapter or to the working directory) or a hub id.
 * @throws ModelNotFoundError, AdapterBaseError, ServerModelNotLoadableError, HubAccessError, HubUnreachableError, DownloadInterruptedError,
 *   DiskFullError
 */
export async function resolveModel(reference: string, options: { readonly base?: string | undefined } = {}): Promise<ResolvedModel> {
  if (isServerReference(reference)) throw new ServerModelNotLoadableError({ reference })
  const directory = await findDirectory(reference, process.cwd())
  if (!isAdapter(directory)) return { baseDirectory: checkWhole(directory, reference), adapterDirectory: null }
  return { baseDirectory: await findBase(directory, options.base), adapterDirectory: directory }
}

async function findBase(adapterDirectory: string, given: string | undefined): Promise<string> {
  const named = given ?? baseNamedBy(adapterDirectory)
  if (named === null) throw new AdapterBaseError({ directory: displayPath(adapterDirectory), problem: 'adapter_config.json names none' })
  const besideAdapter = given === undefined && existsSync(resolve(adapterDirectory, named))
  try {
    const directory = await findDirectory(named, besideAdapter ? adapterDirectory : process.cwd())
    if (isAdapter(directory))
      throw new AdapterBaseError({
        directory: displayPath(adapterDirectory),
        problem: `${quoteUntrusted(named, 120)} is an adapter itself`,
      })
    return checkWhole(directory, named)
  } catch (cause) {
    if (!isHoldfastError(cause) || cause.code !== 'MODEL_NOT_FOUND') throw cause
    throw new AdapterBaseError({ directory: displayPath(adapterDirectory), problem: cause.summary }, { cause })
  }
}

function baseNamedBy(adapterDirectory: string): string | null {
  try {
    const config = adapterConfigSchema.parse(readOptionalJsonFile(join(adapterDirectory, 'adapter_config.json')))
    return config.base_model_name_or_path ?? null
  } catch (cause) {
    throw new AdapterBaseError({ directory: displayPath(adapterDirectory), problem: 'adapter_config.json cannot be read' }, { cause })
  }
}

/** The local directory, else the hub's files. Only what cannot be a path is asked of the hub. */
async function findDirectory(reference: string, from: string): Promise<string> {
  const path = resolve(from, reference.startsWith('file:') ? fileURLToPath(reference) : reference)
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw new ModelNotFoundError({ reference, reason: 'it is a file, not a directory' })
    return path
  }
  const { name, revision = 'main' } = HUB_ID.exec(reference)?.groups ?? {}
  if (name === undefined || isAbsolute(reference) || reference.startsWith('.'))
    throw new ModelNotFoundError({ reference, reason: 'no such directory' })
  try {
    return await downloadHubFiles({ type: 'model', name, revision }, (file) => WANTED_FILE.test(file))
  } catch (cause) {
    // A hub that is busy, or that does not let this user in, says nothing about whether there is such a model.
    if (!isHoldfastError(cause) || cause.code !== 'HUB_NOT_FOUND') throw cause
    throw new ModelNotFoundError({ reference, reason: `no such directory, and as a hub id: ${cause.summary}` }, { cause })
  }
}

function isAdapter(directory: string): boolean {
  return existsSync(join(directory, 'adapter_config.json'))
}

function checkWhole(directory: string, reference: string): string {
  if (existsSync(join(directory, 'config.json'))) return directory
  throw new ModelNotFoundError({ reference, reason: 'the directory has neither config.json nor adapter_config.json' })
}
