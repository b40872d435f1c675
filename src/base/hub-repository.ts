/**
 * @file Names a repository on the Hugging Face hub, and says where the hub, its caches and the token are.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A repository at a revision: branch, tag or commit. */
export interface HubRepository {
  readonly type: 'model' | 'dataset'
  readonly name: string
  readonly revision: string
}

/** `HOLDFAST_CACHE`, else `.cache/holdfast` in the home directory. */
export function cacheDirectory(): string {
  return process.env['HOLDFAST_CACHE'] ?? join(homedir(), '.cache', 'holdfast')
}

/** Where Hugging Face's own libraries keep what they download: `HF_HUB_CACHE`, else `hub` in `HF_HOME`. */
export function hubCacheDirectory(): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env
  const home = HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface')
  return HF_HUB_CACHE ?? HUGGINGFACE_HUB_CACHE ?? join(home, 'hub')
}

/** The name of a repository's folder in a cache: "models--org--name". */
export function repositoryFolder({ type, name }: HubRepository): string {
  return `${type}s--${name.replaceAll('/', '--')}`
}

/** "model org/name at main", for messages. */
export function describeRepository(repository: HubRepository): string {
  return `${repository.type} ${repository.name} at ${repository.revision}`
}

/** `HF_ENDPOINT` without slashes at its end, else the hub itself. It may have a path, as mirrors do. */
export function hubEndpoint(): string {
  const given = process.env['HF_ENDPOINT'] ?? ''
  return given === '' ? 'https://huggingface.co' : given.replace(/\/+$/, '')
}

/** The page of a repository, where access is asked for. */
export function repositoryPage({ type, name }: HubRepository): string {
  return `${hubEndpoint()}/${type === 'dataset' ? 'datasets/' : ''}${name}`
}

/** `HF_TOKEN`; an empty one is none. */
export function hubToken(): string | undefined {
  const token = process.env['HF_TOKEN']?.trim()
  return token === '' ? undefined : token
}

/** Whether `HF_HUB_OFFLINE` (or `TRANSFORMERS_OFFLINE`) forbids asking the hub. */
export function isHubOffline(): boolean {
  const { HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE } = process.env
  return ['1', 'true', 'yes', 'on'].includes((HF_HUB_OFFLINE || TRANSFORMERS_OFFLINE || '').toLowerCase())
}
