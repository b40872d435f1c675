/**
 * @file A completion as a line: `["key", check, text, finish, token ids, log-probs, tool calls, usage, why failed]`. The check is of everything after it, so that a
 * line which was damaged or written half is not taken for a completion.
 */
import { sha256 } from '../../base/hash.ts'
import type { Completion } from '../../eval/completion.ts'

/** Hexadecimal characters of a key. */
export const KEY_LENGTH = 32
const CHECK_LENGTH = 8

/** The line, with its end. */
export function formatEntry(key: string, completion: Completion): string {
  const { text, finishReason, tokenIds, logProbs, toolCalls, usage, whyFailed } = completion
  const failure = whyFailed === undefined ? [] : [whyFailed]
  const body = JSON.stringify([text, finishReason, tokenIds, logProbs, toolCalls ?? null, usage ?? null, ...failure]).slice(1)
  return `["${key}","${checkOf(key, body)}",${body}\n`
}

/** The completion of a line without its end; null for a line that is damaged or another's. */
export function readEntry(line: string, key: string): Completion | null {
  const bodyStart = KEY_LENGTH + CHECK_LENGTH + 7
  const body = line.slice(bodyStart)
  if (line.slice(0, bodyStart) !== `["${key}","${checkOf(key, body)}",`) return null
  const [text, finishReason, tokenIds, logProbs, toolCalls, usage, whyFailed] = JSON.parse(`[${body}`) as [
    string,
    Completion['finishReason'],
    readonly number[],
    readonly number[] | null,
    Completion['toolCalls'] | null,
    Completion['usage'] | null,
    Completion['whyFailed'],
  ]
  return {
    ...{ text, tokenIds, logProbs, finishReason },
    ...(toolCalls == null ? {} : { toolCalls }),
    ...(usage == null ? {} : { usage }),
    ...(whyFailed === undefined ? {} : { whyFailed }),
  }
}

function checkOf(key: string, body: string): string {
  return sha256(`${key}${body}`).slice(0, CHECK_LENGTH)
}
