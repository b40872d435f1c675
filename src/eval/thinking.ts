/**
 * @file Where a thinking model's answer begins. Tags as Qwen3, DeepSeek-R1, Seed, Kimi, Magistral and gpt-oss write them. Thoughts are never an answer,
 * whatever stands in them.
 */
import type { Completion } from './completion.ts'

/** Groups hold what opens thoughts and what ends them. */
const MARK =
  /(<(?:think|thinking|seed:think)\s*>|\[THINK\]|◁think▷|<\|channel\|>(?:analysis|commentary)\b)|(<\/(?:think|thinking|seed:think)\s*>|\[\/THINK\]|◁\/think▷|<\|channel\|>final\s*<\|message\|>)/giu
/** Whether it is worth looking: most texts have none of them. */
const PERHAPS = /think|<\|channel\|>/iu

/** The text after its last thought; nothing where thoughts never end; the text itself where there are none. */
export function withoutThoughts(text: string): string {
  if (!PERHAPS.test(text)) return text
  const last = [...text.matchAll(MARK)].at(-1)
  if (last === undefined) return text
  return last[2] === undefined ? '' : text.slice(last.index + last[0].length).trimStart()
}

/**
 * The answer of a model that is known to think. One without any thoughts is an answer when it came to its end: a template may have opened the
 * thoughts in the prompt, so that one cut at the length limit is still thinking.
 */
export function answerAfterThinking({ text, finishReason }: Pick<Completion, 'text' | 'finishReason'>): string {
  const answer = withoutThoughts(text)
  return answer === text && finishReason === 'length' ? '' : answer
}
