/**
 * @file Paths as messages show them: relative where that is shorter to read, absolute elsewhere.
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The path relative to the working directory when it lies inside, else unchanged; file URLs become paths. */
export function displayPath(path: string): string {
  const plain = path.startsWith('file:') ? fileURLToPath(path) : path
  const inside = relative(process.cwd(), plain)
  return inside === '' || inside.startsWith('..') ? plain : inside
}
