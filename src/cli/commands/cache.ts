/**
 * @file `holdfast cache` and `holdfast cache clear`: how much the completions on disk take, and their end.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { completionsDirectory } from '../../model/cache/completion-store.ts'

/** Where completions lie, of how many sets of weights, and their size. */
export function cacheMessage(directory = completionsDirectory()): string {
  const models = existsSync(directory) ? readdirSync(directory) : []
  const sizeBytes = models.reduce((sum, model) => sum + sizeOf(join(directory, model)), 0)
  const count = `${models.length} ${models.length === 1 ? 'model' : 'models'}`
  return `${displayPath(directory)}: completions of ${count}, ${(sizeBytes / 1e6).toFixed(1)} MB`
}

/** Takes all completions away; models are asked again. Gives what was there. */
export function clearCache(directory = completionsDirectory()): string {
  const before = cacheMessage(directory)
  rmSync(directory, { recursive: true, force: true })
  return `Removed ${before}`
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size)
  }, 0)
}
