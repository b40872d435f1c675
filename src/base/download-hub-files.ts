/**
 * @file Fetches files of a Hugging Face repository into a cache, several at once. A file appears under its name only when its size and checksum are right,
 * so an interrupted download leaves nothing half-valid. What the user's own hub cache has is taken from there. What the files are for, it does not know.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { HubNotFoundError, HubUnreachableError } from './download-errors.ts'
import { downloadHubFile } from './download-hub-file.ts'
import { cacheDirectory, describeRepository, repositoryFolder, type HubRepository } from './hub-repository.ts'
import { hubSnapshot, snapshotFiles, snapshotHolds } from './hub-snapshot.ts'
import { listHubFiles, type HubFile } from './list-hub-files.ts'
import { removeQuietly } from './whole-file.ts'

const AT_ONCE = 4

/**
 * The directory with the wanted files of a repository; what the caches lack is downloaded. Obeys `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, `HF_HOME`
 * and `HF_HUB_CACHE`.
 * @throws HubNotFoundError, HubAccessError, HubUnreachableError, DownloadInterruptedError, DiskFullError
 */
export async function downloadHubFiles(repository: HubRepository, wanted: (path: string) => boolean): Promise<string> {
  const root = join(cacheDirectory(), 'hub', repositoryFolder(repository))
  const listing = await listHubFiles(repository, root).catch((cause: unknown) => {
    const snapshot = hubSnapshot(repository)
    if (cause instanceof HubUnreachableError && snapshot !== undefined && snapshotFiles(snapshot).some(wanted)) return snapshot
    throw cause
  })
  if (typeof listing === 'string') return listing
  const directory = join(root, listing.commit)
  const files = listing.files.filter((file) => staysInside(file.path) && wanted(file.path))
  if (files.length === 0) throw new HubNotFoundError({ what: 'file that is wanted', where: describeRepository(repository) })
  const missing = files.filter((file) => !isThere(directory, file))
  const pinned = { ...repository, revision: listing.commit }
  const snapshot = missing.length === 0 ? undefined : hubSnapshot(pinned)
  const kept = snapshot === undefined ? [] : await keptIn(snapshot, missing)
  if (snapshot !== undefined && kept.length === files.length) return snapshot
  if (snapshot !== undefined) for (const file of kept) takeOver(join(snapshot, file.path), join(directory, file.path))
  await downloadAll(
    missing.filter((file) => !kept.includes(file)),
    pinned,
    directory,
  )
  return directory
}

async function keptIn(snapshot: string, files: readonly HubFile[]): Promise<readonly HubFile[]> {
  const kept: HubFile[] = []
  for (const file of files) if (await snapshotHolds(snapshot, file)) kept.push(file)
  return kept
}

function isThere(directory: string, { path, size }: HubFile): boolean {
  return existsSync(join(directory, path)) && statSync(join(directory, path)).size === size
}

/** A second name for the same bytes where the disk allows it. */
function takeOver(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  removeQuietly(to)
  try {
    linkSync(realpathSync(from), to)
  } catch {
    copyFileSync(from, to)
  }
}

/** The first failure ends the others, and what they have is kept. */
async function downloadAll(files: readonly HubFile[], repository: HubRepository, directory: string): Promise<void> {
  const queue = [...files]
  const stop = new AbortController()
  const failures: unknown[] = []
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !stop.signal.aborted; file = queue.shift())
      await downloadHubFile({ repository, file, signal: stop.signal }, join(directory, file.path)).catch((cause: unknown) => {
        failures.push(cause)
        stop.abort()
      })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failures.length > 0) throw failures[0]
}

/** Paths come from the repository and are joined to ours: none may lead out. */
function staysInside(path: string): boolean {
  return !isAbsolute(path) && !normalize(path).startsWith('..') && !path.includes('\\')
}
