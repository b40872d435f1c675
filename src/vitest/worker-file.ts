/**
 * @file Paths of the files that vitest loads by path: workers and reporters.
 */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The absolute path of a file of this folder. The built file and the source lie side by side with their like: .js in dist, .ts in src. */
export function workerFile(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url))
}
