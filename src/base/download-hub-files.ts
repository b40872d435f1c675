/**
 * @file Fetches files of a Hugging Face repository into a cache. A file appears under its name only when its size and checksum are right,
 * so an interrupted download leaves nothing half-valid. What the files are for, it does not know.
 */
import { existsSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'
import { HubNotFoundError } from './download-errors.ts'
import { downloadHubFile } from './download-hub-file.ts'
import { cacheDirectory, describeRepository } from './hub-repository.ts'
import type { HubRepository } from './hub-repository.ts'
import { listHubFiles } from './list-hub-files.ts'

/**
 * The directory with the wanted files of a repository; what the cache lacks is downloaded. Obeys `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`.
 * @throws HubNotFoundError, HubUnreachableError, DownloadInterruptedError, DiskFullError
 */
export async function downloadHubFiles(repository: HubRepository, wanted: (path: string) => boolean): Promise<string> {
  const root = join(cacheDirectory(), 'hub', `${repository.type}s--${repository.name.replaceAll('/', '--')}`)
  const listing = await listHubFiles(repository, root)
  const directory = join(root, listing.commit)
  const files = listing.files.filter((file) => staysInside(file.path) && wanted(file.path))
  if (files.length === 0) throw new HubNotFoundError('file that is wanted', describeRepository(repository))
  for (const file of files) {
    const path = join(directory, file.path)
    if (!existsSync(path)) await downloadHubFile({ ...repository, revision: listing.commit }, file, path)
  }
  return directory
}

/** Paths come from the repository and are joined to ours: none may lead out. */
function staysInside(path: string): boolean {
  return !isAbsolute(path) && !normalize(path).startsWith('..') && !path.includes('\\')
}
