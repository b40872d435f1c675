/**
 * @file Which files a repository of the hub holds at a revision. The answer is kept, so that a model that was fetched once loads without a network.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasetInfo, listFiles, modelInfo } from '@huggingface/hub'
import { z } from 'zod'
import { HubNotFoundError, HubUnreachableError } from './download-errors.ts'
import { describeRepository, hubAccess, isHubOffline } from './hub-repository.ts'
import type { HubRepository } from './hub-repository.ts'
import { sha256 } from './hash.ts'
import { quoteUntrusted } from './untrusted-text.ts'
import { writeWholeFile } from './whole-file.ts'

const hubFileSchema = z.object({ path: z.string(), size: z.int(), sha256: z.string().nullable() })
const hubListingSchema = z.object({ commit: z.string().regex(/^[0-9a-f]{40}$/), files: z.array(hubFileSchema) })

/** One file of a repository. `sha256` is known for large files only. */
export type HubFile = z.infer<typeof hubFileSchema>

/** All files of a repository at one commit. */
export type HubListing = z.infer<typeof hubListingSchema>

/**
 * The listing of a revision: asked of the hub, or the kept one where the hub cannot be asked or the revision is a commit.
 * @throws HubNotFoundError, HubUnreachableError
 */
export async function listHubFiles(repository: HubRepository, root: string): Promise<HubListing> {
  const kept = join(root, 'listings', `${sha256(repository.revision).slice(0, 16)}.json`)
  const known = readKept(kept)
  if (known !== undefined && (isHubOffline() || known.commit === repository.revision)) return known
  if (isHubOffline()) throw new HubUnreachableError('HF_HUB_OFFLINE is set', describeRepository(repository))
  try {
    const listing = await askHub(repository)
    writeWholeFile(kept, JSON.stringify(listing))
    return listing
  } catch (cause) {
    const status = (cause as { statusCode?: number }).statusCode
    if (status !== undefined && status < 500) throw new HubNotFoundError(describeRepository(repository), hubAddress(), cause)
    if (known !== undefined) return known
    throw new HubUnreachableError(quoteUntrusted(reasonOf(cause), 100), describeRepository(repository), cause)
  }
}

function hubAddress(): string {
  return process.env['HF_ENDPOINT'] ?? 'https://huggingface.co'
}

/** The innermost message: fetch hides "connect ECONNREFUSED" in a cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}

function readKept(path: string): HubListing | undefined {
  if (!existsSync(path)) return undefined
  const parsed = hubListingSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : undefined
}

async function askHub({ type, name, revision }: HubRepository): Promise<HubListing> {
  const query = { name, revision, additionalFields: ['sha' as const], ...hubAccess() }
  const { sha: commit } = type === 'model' ? await modelInfo(query) : await datasetInfo(query)
  const files: HubFile[] = []
  for await (const entry of listFiles({ repo: { type, name }, revision: commit, recursive: true, ...hubAccess() })) {
    if (entry.type === 'file') files.push({ path: entry.path, size: entry.lfs?.size ?? entry.size, sha256: entry.lfs?.oid ?? null })
  }
  return hubListingSchema.parse({ commit, files })
}
