/**
 * @file Completions on disk, one line each, by key. A folder for each set of weights; each process appends whole lines to a file of its own, so several may
 * write at once. Lines that cannot be read are as if they were not there. It knows nothing of what a key is made of.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory } from '../../base/hub-repository.ts'
import type { Completion } from '../../eval/completion.ts'
import { formatEntry, KEY_LENGTH, readEntry } from './cache-entry.ts'
import { CompletionFile } from './completion-file.ts'

export interface CompletionStore {
  /** How many completions it holds. */
  readonly size: number
  get(key: string): Completion | null
  /** Keeps completions, in memory at once and on disk by one write. A disk that takes no more is no failure: what cannot be kept is asked again. */
  put(entries: readonly (readonly [key: string, completion: Completion])[]): void
  /** How many completions were put and neither confirmed nor retracted. */
  readonly unconfirmed: number
  /** The oldest `count` unconfirmed ones cannot be retracted any more. */
  confirm(count: number): void
  /** Forgets what is unconfirmed, in memory and on disk. */
  retract(): void
  close(): void
}

/** Where a line lies. */
interface IndexedLine {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** Another line of the same key, should this one be damaged. */
  readonly other: IndexedLine | null
}

const LINE_FEED = 0x0a

/** The folder of completions: `HOLDFAST_COMPLETIONS`, else one in the user's cache directory. */
export function completionsDirectory(): string {
  return process.env['HOLDFAST_COMPLETIONS'] ?? join(cacheDirectory(), 'completions')
}

/** Opens the completions of `name` (a hash), which may be none yet. */
export function openCompletionStore(name: string, root = completionsDirectory()): CompletionStore {
  const directory = join(root, name)
  const indexed = new Map<string, IndexedLine>()
  for (const file of filesIn(directory)) indexFile(join(directory, file), indexed)
  const lines: Map<string, IndexedLine | Completion> = indexed
  const file = new CompletionFile(directory)
  const get = (key: string): Completion | null => {
    const found = lines.get(key)
    if (found === undefined || !('bytes' in found)) return found ?? null
    for (let line: IndexedLine | null = found; line !== null; line = line.other) {
      const entry = readEntry(line.bytes.toString('utf8', line.start, line.end), key)
      if (entry !== null) return entry
    }
    return null
  }
  return {
    get size() {
      return lines.size
    },
    get,
    put: (entries) => {
      // A damaged line counts as none: a good one replaces it.
      const fresh = entries.filter(([key]) => get(key) === null)
      for (const [key, completion] of fresh) lines.set(key, completion)
      file.append(fresh.map(([key, completion]) => [key, formatEntry(key, completion)]))
    },
    get unconfirmed() {
      return file.unconfirmed
    },
    confirm: (count) => file.confirm(count),
    retract: () => {
      for (const key of file.retract()) lines.delete(key)
    },
    close: () => file.close(),
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted()
  } catch {
    return []
  }
}

/** Notes where each line lies; only its key is read. */
function indexFile(path: string, lines: Map<string, IndexedLine>): void {
  const bytes = readQuietly(path)
  let start = 0
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    if (end - start > KEY_LENGTH + 4) {
      const key = bytes.toString('latin1', start + 2, start + 2 + KEY_LENGTH)
      lines.set(key, { bytes, start, end, other: lines.get(key) ?? null })
    }
    start = end + 1
  }
}

function readQuietly(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
