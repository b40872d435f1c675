/**
 * @file From the runner's token ids to the completion that graders see: the same text that the embedded model would give for these tokens.
 */
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import type { RewardRequest } from '../../../grading/reward-function.ts'
import type { WatchMessage } from '../protocol.ts'
import { badRequest, type Reply } from './refusal.ts'

/** How token ids become text. */
export interface CompletionDecoder {
  readonly decode: (ids: readonly number[]) => string
  readonly stopIds: readonly number[]
}

/** The completions of a message's items, or a refusal when their ids are no tokens of the model. */
export function completionsOf(decoder: CompletionDecoder, items: WatchMessage['items']): Reply<readonly RewardRequest[]> {
  try {
    return { answer: items.map((item) => toCompletion(decoder, item)) }
  } catch (error) {
    const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
    return { refusal: badRequest(`token ids could not be decoded: ${reason}`) }
  }
}

/** Token ids keep the stop token; the text does not. */
function toCompletion({ decode, stopIds }: CompletionDecoder, item: WatchMessage['items'][number]): RewardRequest {
  const { eval: evalName, caseId, tokenIds, finishReason } = item
  const last = tokenIds.at(-1)
  const spoken = finishReason === 'stop' && last !== undefined && stopIds.includes(last) ? tokenIds.slice(0, -1) : tokenIds
  return { caseId, eval: evalName, completion: { text: decode(spoken), tokenIds, logProbs: null, finishReason } }
}
