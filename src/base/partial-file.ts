/**
 * @file The part of a download that is already on disk, under a name of its own beside the file. A part that a process left behind when it ended is taken
 * over; one that a living process is writing is not.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { removeQuietly } from './whole-file.ts'

/** One part, ours alone. */
export class PartialFile {
  readonly path: string

  /** `target` is the file that it will become. */
  constructor(target: string) {
    mkdirSync(dirname(target), { recursive: true })
    this.path = `${target}.incomplete-${process.pid}`
    const prefix = `${basename(target)}.incomplete-`
    const left = readdirSync(dirname(target)).find((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)))
    if (left !== undefined && !existsSync(this.path)) this.#takeOver(join(dirname(target), left))
  }

  get sizeBytes(): number {
    return existsSync(this.path) ? statSync(this.path).size : 0
  }

  /** The server's name for the bytes that the part is of; null when it gave none. */
  get version(): string | null {
    return existsSync(this.#versionPath) ? readFileSync(this.#versionPath, 'utf8') : null
  }

  /** Begins anew, with bytes of this version. */
  begin(version: string | null): void {
    if (existsSync(this.path)) truncateSync(this.path)
    removeQuietly(this.#versionPath)
    if (version !== null) writeFileSync(this.#versionPath, version)
  }

  /** Gives the whole file its name. */
  finish(target: string): void {
    renameSync(this.path, target)
    removeQuietly(this.#versionPath)
  }

  get #versionPath(): string {
    return `${this.path}.version`
  }

  #takeOver(left: string): void {
    try {
      renameSync(left, this.path)
      if (existsSync(`${left}.version`)) renameSync(`${left}.version`, this.#versionPath)
    } catch {
      // Another process was faster.
    }
  }
}

/** Whether the process with this number has ended. */
function isLeft(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
