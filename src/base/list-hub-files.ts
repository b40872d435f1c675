/**
 * @file Which files a repository of the hub holds at a revision. The answer is kept, so that a model that was fetched once loads without a network.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasetInfo, listFiles, modelInfo } from '@huggingface/hub'
import { z } from 'zod'
import { HubUnreachableError } from './download-errors.ts'
import { isHoldfastError } from './errors.ts'
import { hubFailure } from './hub-failure.ts'
import { HUB_TRIES, hubFetch } from './hub-fetch.ts'
import { describeRepository, hubEndpoint, isHubOffline } from './hub-repository.ts'
import type { HubRepository } from './hub-repository.ts'
import { sha256 } from './hash.ts'
import { writeWholeFile } from './whole-file.ts'

const hubFileSchema = z.object({ path: z.string(), size: z.int(), sha256: z.string().nullable(), blobId: z.string().nullish() })
const hubListingSchema = z.object({ commit: z.string().regex(/^[0-9a-f]{40}$/), files: z.array(hubFileSchema) })

/** One file of a repository. `sha256` is known for large files only, `blobId`, git's own hash, for all others. */
export type HubFile = z.infer<typeof hubFileSchema>

/** All files of a repository at one commit. */
export type HubListing = z.infer<typeof hubListingSchema>

/**
 * The listing of a revision: asked of the hub, or the kept one where the hub cannot be asked or the revision is a commit.
 * @throws HubNotFoundError, HubAccessError, HubUnreachableError
 */
export async function listHubFiles(repository: HubRepository, root: string): Promise<HubListing> {
  const kept = join(root, 'listings', `${sha256(repository.revision).slice(0, 16)}.json`)
  const known = readKept(kept)
  if (known !== undefined && (isHubOffline() || known.commit === repository.revision)) return known
  if (isHubOffline()) throw new HubUnreachableError({ reason: 'HF_HUB_OFFLINE is set', where: describeRepository(repository) })
  try {
    // What is kept serves as well as what a busy hub may say later.
    const listing = await askHub(repository, hubFetch(known === undefined ? HUB_TRIES : 1))
    writeWholeFile(kept, JSON.stringify(listing))
    return listing
  } catch (cause) {
    const failure = isHoldfastError(cause) ? cause : hubFailure(cause, repository)
    if (known !== undefined && failure instanceof HubUnreachableError) return known
    throw failure
  }
}

function readKept(path: string): HubListing | undefined {
  if (!existsSync(path)) return undefined
  try {
    return hubListingSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // A damaged listing is as good as none.
    return undefined
  }
}

async function askHub({ type, name, revision }: HubRepository, fetch: typeof globalThis.fetch): Promise<HubListing> {
  const access = { hubUrl: hubEndpoint(), fetch }
  const query = { name, revision, additionalFields: ['sha' as const], ...access }
  const { sha: commit } = type === 'model' ? await modelInfo(query) : await datasetInfo(query)
  const files: HubFile[] = []
  for await (const entry of listFiles({ repo: { type, name }, revision: commit, recursive: true, ...access })) {
    if (entry.type !== 'file') continue
    const { path, lfs, oid, size } = entry
    files.push({ path, size: lfs?.size ?? size, sha256: lfs?.oid ?? null, blobId: lfs === undefined ? oid : null })
  }
  return hubListingSchema.parse({ commit, files })
}
