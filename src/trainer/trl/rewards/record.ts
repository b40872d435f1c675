/**
 * @file The record of one reward given to a trainer in another process, and what makes two completions the same. One per line of `rewards.jsonl`.
 */
import { z } from 'zod'
import { sha256 } from '../../../base/hash.ts'
import type { RewardMessage } from '../protocol.ts'

export const rewardRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.string(),
  round: z.string(),
  arm: z.string(),
  step: z.int(),
  rank: z.int(),
  index: z.int(),
  /** Empty for the round's own feature, else the eval of a replayed case. */
  eval: z.string(),
  caseId: z.string(),
  finishReason: z.enum(['stop', 'length']),
  /** Hash of the completion's token ids; the ids themselves are in `rollouts.jsonl`. */
  tokensHash: z.string(),
  reward: z.number().min(0).max(1).nullable(),
  /** Why there is no reward. */
  error: z.string().nullable(),
  /** Hash of the graders that gave it. */
  graderHash: z.string(),
  profile: z.literal('reward'),
})

export type RewardRecord = z.infer<typeof rewardRecordSchema>

/** What all records of one training have in common, and the hash of each eval's graders ('' is the round's own). */
export interface RewardSource extends Pick<RewardRecord, 'run' | 'round' | 'arm'> {
  readonly graderHash: (evalName: string) => string
}

/** A reward, or why there is none. */
export type RewardVerdict = Pick<RewardRecord, 'reward' | 'error'>

/** A completion that the runner wants rewarded, with its position in the training. */
export type RewardItem = RewardMessage['items'][number] & Pick<RewardMessage, 'step' | 'rank'>

/** Names a completion within a training. */
export function rewardKey(position: Pick<RewardRecord, 'step' | 'rank' | 'index'>): string {
  return `${position.step}/${position.rank}/${position.index}`
}

/** Equal for two completions of a key exactly when case, tokens and ending are the same. */
export function completionIdentity(record: Pick<RewardRecord, 'eval' | 'caseId' | 'finishReason' | 'tokensHash'>): string {
  return JSON.stringify([record.tokensHash, record.finishReason, record.caseId, record.eval])
}

/** Hash of token ids, 16 hexadecimal characters. */
export function hashTokens(ids: readonly number[]): string {
  return sha256(ids.join(',')).slice(0, 16)
}
