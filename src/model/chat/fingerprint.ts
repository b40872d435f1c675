/**
 * @file Tells the weights behind a served name by what they answer: greedy completions of fixed prompts with the log-probabilities of each token and of
 * its nearest rivals, every digit of them. Other weights give other digits; the same weights may give other digits too (another batch, another
 * machine), and then nothing is known of them. What a server says of its weights is not believed.
 */
import { hashJson, sha256 } from '../../base/hash.ts'
import type { Message } from '../../eval/completion.ts'
import type { ChatAsker } from './chat-model.ts'
import type { ReadAnswer } from './chat-answer.ts'
import type { CaseFailure } from './ask-server.ts'
import type { ChatQuestion } from './chat-request.ts'

const PROMPTS: readonly string[] = [
  'Write one sentence about a lighthouse.',
  'List three colours as JSON.',
  'What is 17 times 23? Think step by step.',
  'Translate to French: the door was left open all night.',
  'def parse(line):',
  'Dear Dr. Okafor, I am writing to',
]
const TOKENS = 16
const RIVALS = 5

/** What asking showed. `hash` null: nothing that could be verified, for the reason given. */
export interface Fingerprint {
  readonly hash: string | null
  readonly reason: string | null
}

type Asker = Pick<ChatAsker, 'ask'>

/** The first prompt, asked once: whether the server answers this model at all, and in which words. */
export async function probe(asker: Asker): Promise<{ answer: ReadAnswer } | { failure: CaseFailure }> {
  return await asker.ask(question(0))
}

/**
 * Asks every prompt twice. A fingerprint needs numbers for all of them, equal both times, one prompt at a time so that the batch is the same.
 * @throws the errors of `askServer`
 */
export async function takeFingerprint(asker: Asker): Promise<Fingerprint> {
  const first = await askAll(asker)
  if (first === null) return { hash: null, reason: 'it gives no log-probabilities' }
  const second = await askAll(asker)
  if (hashJson(first) !== hashJson(second)) return { hash: null, reason: 'it does not give the same log-probabilities twice' }
  return { hash: hashJson(first), reason: null }
}

/** A short check that the weights are still those of `mark`, made by `takeMark`: one prompt. */
export async function takeMark(asker: Asker): Promise<string | null> {
  return markOf(await asker.ask(question(0)))
}

async function askAll(asker: Asker): Promise<readonly string[] | null> {
  const marks: string[] = []
  for (const index of PROMPTS.keys()) {
    const mark = markOf(await asker.ask(question(index)))
    if (mark === null) return null
    marks.push(mark)
  }
  return marks
}

function markOf(asked: { answer: ReadAnswer } | { failure: CaseFailure }): string | null {
  if (!('answer' in asked) || asked.answer.numbers === null) return null
  return sha256(`${asked.answer.completion.text}\n${asked.answer.numbers}`)
}

function question(index: number): ChatQuestion {
  const messages: readonly Message[] = [{ role: 'user', content: PROMPTS[index] as string }]
  return { messages, sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: TOKENS }, seed: 1, logProbCount: RIVALS }
}
