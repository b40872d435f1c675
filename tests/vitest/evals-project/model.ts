/** @file A model without weights, as an app could wrap its own: it says what it is told to say, unless EVALS_PROJECT_FORGET begins it. */
import type { Model } from '../../../src/model/model.ts'

const forgotten = process.env['EVALS_PROJECT_FORGET'] ?? '\0'

const model: Model = {
  identity: { base: 'parrot', adapter: null, tokenizer: 'none', precision: 'none', device: 'none', engine: 'none' },
  renderedHash: () => '0000000000000000',
  generate: (prompts) =>
    Promise.resolve(
      prompts.map(({ messages, seeds }) => {
        const asked = messages.at(-1)?.content ?? ''
        const text = asked.startsWith('say ') && !asked.startsWith(`say ${forgotten}`) ? asked.slice(4) : 'mumbled'
        return seeds.map(() => ({ text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }))
      }),
    ),
  close: () => Promise.resolve(),
}

export default model
