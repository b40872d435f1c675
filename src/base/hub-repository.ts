/**
 * @file Names a repository on the Hugging Face hub, and says where the hub and the cache are.
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

/** "model org/name at main", for messages. */
export function describeRepository(repository: HubRepository): string {
  return `${repository.type} ${repository.name} at ${repository.revision}`
}

/** Address and credentials from `HF_ENDPOINT` and `HF_TOKEN`, as the hub's client takes them. */
export function hubAccess(): { readonly hubUrl?: string; readonly accessToken?: string } {
  const { HF_ENDPOINT: hubUrl, HF_TOKEN: accessToken } = process.env
  return { ...(hubUrl === undefined ? {} : { hubUrl }), ...(accessToken === undefined ? {} : { accessToken }) }
}

/** Whether `HF_HUB_OFFLINE` forbids asking the hub. */
export function isHubOffline(): boolean {
  return ['1', 'true', 'yes', 'on'].includes((process.env['HF_HUB_OFFLINE'] ?? '').toLowerCase())
}
