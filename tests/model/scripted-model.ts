/**
 * @file A real model without weights: its answer is a function of the messages and the row seed. It passes the model contract.
 */
import { sha256 } from '../../src/base/hash.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import type { Completion, Message, Sampling } from '../../src/eval/completion.ts'
import type { Model, ModelIdentity } from '../../src/model/model.ts'

/** What the model says; `random` is a number in [0, 1) that depends on the row seed, and 0 at temperature 0. */
export type Script = (question: string, random: number) => string

export const SCRIPTED_IDENTITY: ModelIdentity = {
  base: 'scripted',
  adapter: null,
  tokenizer: 'code-points',
  precision: 'none',
  device: 'cpu',
  engine: 'scripted',
}

/** A model whose tokens are Unicode code points, 0 being the stop token. */
export function scriptedModel(script: Script, identity: Partial<ModelIdentity> = {}): Model {
  return {
    identity: { ...SCRIPTED_IDENTITY, ...identity },
    renderedHash: (messages) => sha256(JSON.stringify(messages)).slice(0, 16),
    generate: (prompts, sampling, onProgress) => {
      const total = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0)
      const completions = prompts.map(({ messages, seeds }) => seeds.map((seed) => complete(script, { messages, seed, sampling })))
      const tokens = completions.flat().reduce((sum, { tokenIds }) => sum + tokenIds.length, 0)
      onProgress?.({ done: total, total, tokens })
      return Promise.resolve(completions)
    },
    close: () => Promise.resolve(),
  }
}

function complete(
  script: Script,
  row: { readonly messages: readonly Message[]; readonly seed: number; readonly sampling: Sampling },
): Completion {
  const { temperature, maxNewTokens } = row.sampling
  const text = script(row.messages.at(-1)?.content ?? '', temperature === 0 ? 0 : seededRandom(row.seed).next())
  const codes = Array.from(text, (character) => character.codePointAt(0) as number)
  const stopped = codes.length < maxNewTokens
  const tokenIds = stopped ? [...codes, 0] : codes.slice(0, maxNewTokens)
  const kept = stopped ? text : String.fromCodePoint(...tokenIds)
  return { text: kept, tokenIds, logProbs: tokenIds.map(() => -0.5), finishReason: stopped ? 'stop' : 'length' }
}
