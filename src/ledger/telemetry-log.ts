/**
 * @file `telemetry.jsonl`: times, rates and memory of a run. They are outside the claim of equal bytes, so the header cannot hold their hash; instead each
 * time the run comes to its end a last line holds the count and the hash of all lines before it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { sha256 } from '../base/hash.ts'
import { readRecords } from './read-records.ts'
import { openRecordLog } from './record-log.ts'
import { telemetrySchema, type Telemetry } from './run-records.ts'

const telemetryEndSchema = z.strictObject({ lines: z.int(), sha256: z.string() })

/** An open telemetry file. */
export interface TelemetryLog {
  note(entry: Telemetry): void
  /** Closes the file with a count and a hash of what it holds. */
  end(): void
  close(): void
}

export async function openTelemetry(path: string): Promise<TelemetryLog> {
  const log = await openRecordLog(path)
  return {
    note: (entry) => log.append([entry]),
    end: () => log.append([{ lines: log.recordCount, sha256: sha256(readFileSync(path)) }]),
    close: () => log.close(),
  }
}

/** The entries of a run. @throws LedgerCorruptError */
export async function readTelemetry(path: string): Promise<Telemetry[]> {
  const entries: Telemetry[] = []
  for await (const line of readRecords(path, z.union([telemetrySchema, telemetryEndSchema]))) if ('phase' in line) entries.push(line)
  return entries
}

/** What is wrong with the telemetry of a finished run, as the end of a sentence that begins with the file's name; null when nothing is. */
export function telemetryProblem(path: string): string | null {
  if (!existsSync(path)) return 'is missing'
  const text = readFileSync(path, 'utf8')
  const lines = text.split('\n').slice(0, -1)
  const end = telemetryEndSchema.safeParse(parsed(lines.at(-1) ?? ''))
  if (!end.success || !text.endsWith('\n')) return 'lacks its last line'
  if (lines.length - 1 !== end.data.lines) return `has ${lines.length - 1} of ${end.data.lines} lines`
  const before = lines.slice(0, -1).map((line) => `${line}\n`)
  return sha256(before.join('')) === end.data.sha256 ? null : 'has other content than was written'
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
