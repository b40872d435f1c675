/**
 * @file Files that Hugging Face's own libraries have already downloaded for this user: `models--org--name/snapshots/<commit>`, with `refs` from branches
 * and tags to commits. It asks nobody and changes nothing there.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isHubFile } from './check-hub-file.ts'
import { hubCacheDirectory, repositoryFolder, type HubRepository } from './hub-repository.ts'
import type { HubFile } from './list-hub-files.ts'

const COMMIT = /^[0-9a-f]{40}$/

/** The snapshot of a revision, if there is one. */
export function hubSnapshot(repository: HubRepository): string | undefined {
  const root = join(hubCacheDirectory(), repositoryFolder(repository))
  const commit = COMMIT.test(repository.revision) ? repository.revision : commitOf(join(root, 'refs', repository.revision))
  const directory = commit === undefined ? undefined : join(root, 'snapshots', commit)
  return directory !== undefined && existsSync(directory) ? directory : undefined
}

/** Paths of the files of a snapshot, with forward slashes. */
export function snapshotFiles(directory: string): readonly string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
  return paths.filter((path) => existsSync(join(directory, path)) && statSync(join(directory, path)).isFile())
}

/** Whether the snapshot has the file, whole. Blobs are named after their hash, so most files need not be read. */
export async function snapshotHolds(directory: string, file: HubFile): Promise<boolean> {
  const path = join(directory, file.path)
  if (!existsSync(path) || statSync(path).size !== file.size) return false
  const blob = basename(realpathSync(path))
  return blob === file.sha256 || blob === file.blobId || (await isHubFile(path, file))
}

function commitOf(ref: string): string | undefined {
  if (!existsSync(ref) || !statSync(ref).isFile()) return undefined
  const commit = readFileSync(ref, 'utf8').trim()
  return COMMIT.test(commit) ? commit : undefined
}
