/**
 * @file Where a thinking model's answer begins. Tags as Qwen3, DeepSeek-R1 and their like write them.
 */
import type { Completion } from './completion.ts'

const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * The text after the thoughts. Thoughts that never end leave no answer; a completion without any thoughts is an answer when it came to its end
 * (a template may have opened the thoughts in the prompt, so that one cut at the length limit is still thinking).
 */
export function answerAfterThinking({ text, finishReason }: Pick<Completion, 'text' | 'finishReason'>): string {
  const end = text.lastIndexOf(CLOSE)
  if (end !== -1) return text.slice(end + CLOSE.length).trimStart()
  return text.includes(OPEN) || finishReason === 'length' ? '' : text
}
