/**
 * @file What a file of a model directory must be before a byte of it is read: a regular file, of a believable size, and not a link out of the
 * directory. It reads nothing.
 */
import { realpathSync, statSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { ModelFileRefusedError } from '../errors.ts'

/** Links of the hub's cache lead from a snapshot to the folder of blobs beside it. */
const HUB_BLOB = /[/\\](?:models|datasets)--[^/\\]+[/\\]blobs[/\\][^/\\]+$/

/** What is asked of one file. */
export interface FileLimits {
  readonly maxBytes: number
  /** Where a link may lead: `anywhere` for weights, which people keep on other disks and whose bytes no message shows. */
  readonly mayLead: 'inside' | 'anywhere'
}

/** @throws ModelFileRefusedError */
export function checkModelFile(path: string, { maxBytes, mayLead }: FileLimits): void {
  const stats = statSync(path)
  if (!stats.isFile()) throw new ModelFileRefusedError({ path, problem: 'it is not a regular file' })
  if (stats.size > maxBytes) throw new ModelFileRefusedError({ path, problem: `it has ${stats.size} bytes, at most ${maxBytes} are read` })
  if (mayLead === 'inside' && leadsOut(path))
    throw new ModelFileRefusedError({ path, problem: 'it is a link to a file outside of the directory' })
}

function leadsOut(path: string): boolean {
  const target = realpathSync(path)
  return !target.startsWith(realpathSync(dirname(path)) + sep) && !HUB_BLOB.test(target)
}
