/**
 * @file From the tokens that an engine or a server gave to a completion: the same text for the same tokens, whoever drew them.
 */
import type { Completion } from '../eval/completion.ts'
import type { GeneratedTokens } from '../engine/engine.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'

/** Token ids and log-probs keep the stop token; the text does not, whatever the tokenizer thinks of it. */
export function toCompletion(
  { ids, logProbs, finish }: GeneratedTokens,
  tokenizer: Pick<Tokenizer, 'decode'>,
  stopIds: ReadonlySet<number>,
): Completion {
  const last = ids.at(-1)
  const spoken = finish === 'stop' && last !== undefined && stopIds.has(last) ? ids.subarray(0, -1) : ids
  return { text: tokenizer.decode(spoken), tokenIds: [...ids], logProbs: toNumbers(logProbs), finishReason: finish }
}

/** Single-precision numbers in nine digits, which is all they have; null where a broken model gave something that is no number. */
function toNumbers(values: Float32Array): readonly number[] | null {
  return values.every(Number.isFinite) ? Array.from(values, (value) => Number(value.toPrecision(9))) : null
}
