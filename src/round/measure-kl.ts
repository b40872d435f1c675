/**
 * @file How far an adapter has moved from the base: mean KL(base || adapter) per token over the whole vocabulary, at temperature 1, on the base's own
 * greedy answers. Measured on the round's new prompts and on prompts of what must be retained, because drift on old prompts is what forgetting is.
 * Source: forward KL as in Shenfeld et al., arXiv:2509.04259; old prompts added after arXiv:2607.04364.
 */
import type { TokenSequence } from '../engine/engine.ts'
import type { Eval } from '../eval/eval.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { RunContext } from './run-context.ts'

/** Prompts that one KL figure is measured on at most: enough for two digits, cheap enough for every checkpoint. */
export const KL_PROMPTS = 64

/** The base's answers to dev cases as token sequences, at equal distances through the records. */
export function baseAnswers(
  context: Pick<RunContext, 'tokenizer'>,
  evaluated: Eval,
  { records, limit }: { readonly records: readonly GradeRecord[]; readonly limit: number },
): TokenSequence[] {
  const stride = Math.max(1, Math.ceil(records.length / limit))
  return records
    .filter((record, index) => index % stride === 0 && record.tokenIds.length > 0)
    .map((record) => {
      const messages = evaluated.messages.get(record.caseId) ?? []
      const prompt = context.tokenizer.renderChat(messages, { addGenerationPrompt: true, tools: evaluated.tools }).ids
      return { ids: Int32Array.from([...prompt, ...record.tokenIds]), promptLength: prompt.length }
    })
}
