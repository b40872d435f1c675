/**
 * @file Asks for room before work begins, because a disk that fills up in the middle of a training costs an hour.
 */
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DiskSpaceLowError } from './errors.ts'

/**
 * Refuses when the disk of `directory` (which need not exist yet) has less than `neededBytes` free for this user.
 * @throws DiskSpaceLowError
 */
export async function requireDiskSpace(directory: string, neededBytes: number): Promise<void> {
  let existing = resolve(directory)
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const { bavail, bsize } = await statfs(existing)
  if (bavail * bsize < neededBytes) throw new DiskSpaceLowError({ directory, freeBytes: bavail * bsize, neededBytes })
}
