/**
 * @file What a model on this machine or the hub is known by, without opening an engine for it.
 */
import { hashJson } from '../base/hash.ts'
import { HOLDFAST_VERSION } from '../base/version.ts'
import { describeWeights } from '../engine/checkpoint/describe-weights.ts'
import { openTokenizer } from '../engine/tokenizer/tokenizer.ts'
import { identifyAdapter } from '../identity/identify-model.ts'
import { resolveModel } from './resolve-model.ts'

/**
 * Its base, adapter and tokenizer, and the version that computes with them, as one hash. Not for servers' addresses.
 * @throws the errors of finding and reading models
 */
export async function identifyReference(reference: string): Promise<string> {
  const { baseDirectory, adapterDirectory } = await resolveModel(reference)
  const adapter = adapterDirectory === null ? null : await identifyAdapter(adapterDirectory)
  const { hash } = await describeWeights(baseDirectory)
  return hashJson([hash, adapter, openTokenizer(baseDirectory).hash, HOLDFAST_VERSION])
}
