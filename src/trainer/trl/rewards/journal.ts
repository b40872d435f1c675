/**
 * @file The rewards of one training on disk: what was given is there before anybody is told, and a later process answers from it.
 * A line that cannot be read counts as not given, because grading it again costs little and gives the same.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileWriteFailure } from '../../../base/file-errors.ts'
import { appendJsonl, readCompleteLines, rewriteJsonl } from '../../../base/jsonl.ts'
import { REWARDS_FILE } from '../../../ledger/run-layout.ts'
import { rewardKey, rewardRecordSchema, type RewardRecord, type RewardSource } from './record.ts'

/** An open `rewards.jsonl`. */
export interface RewardJournal {
  /** What earlier processes gave in this training with these graders, one record per key; read once. */
  readonly earlier: readonly RewardRecord[]
  /** Takes a record that the next `flush` writes. `replaces` says that the file holds an older one of its key. */
  add(record: RewardRecord, replaces: boolean): void
  /** Writes what was added since; does nothing when that is nothing. @throws DiskFullError, FileWriteError */
  flush(): void
  /** Writes the rest, and drops replaced records from the file. @throws DiskFullError, FileWriteError */
  close(): void
}

/** Opens the journal in `directory`, dropping what is damaged, replaced, of another training or of other graders. @throws DiskFullError, FileWriteError */
export function openRewardJournal(directory: string, source: RewardSource): RewardJournal {
  const path = join(directory, REWARDS_FILE)
  const earlier = compact(path, source)
  let pending: RewardRecord[] = []
  let replaced = false
  const flush = (): void => {
    if (pending.length === 0) return
    try {
      appendJsonl(path, pending)
    } catch (cause) {
      throw fileWriteFailure(path, cause)
    }
    pending = []
  }
  return {
    earlier,
    add: (record, replaces) => {
      pending.push(record)
      replaced ||= replaces
    },
    flush,
    close: () => {
      flush()
      if (replaced) compact(path, source)
    },
  }
}

/** The usable records of a file, the last one of each key where the first stood; the file is made to hold just these. */
function compact(path: string, source: RewardSource): readonly RewardRecord[] {
  const lines = readCompleteLines(path)
  const records = new Map<string, RewardRecord>()
  for (const line of lines) {
    const record = readRecord(line)
    if (record !== null && isFrom(record, source)) records.set(rewardKey(record), record)
  }
  const kept = [...records.values()]
  // Written again whenever it is there: a part of a line that a killed process left would spoil the next append.
  if (existsSync(path)) rewriteJsonl(path, kept)
  return kept
}

function readRecord(line: string): RewardRecord | null {
  try {
    const parsed = rewardRecordSchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function isFrom(record: RewardRecord, source: RewardSource): boolean {
  const isSame = record.run === source.run && record.round === source.round && record.arm === source.arm
  return isSame && record.graderHash === hashOf(source, record.eval)
}

/** Null for an eval that is not part of the training any more. */
function hashOf(source: RewardSource, evalName: string): string | null {
  try {
    return source.graderHash(evalName)
  } catch {
    return null
  }
}
