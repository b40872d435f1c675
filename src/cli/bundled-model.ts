/**
 * @file Where the bundled toy model lies, as a user types it.
 */
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The path of the model from the working directory: "models/nano" in this repository, below node_modules in a user's project. */
export function bundledModel(): string {
  return relative(process.cwd(), fileURLToPath(new URL('../../models/nano', import.meta.url)))
    .split(sep)
    .join('/')
}
