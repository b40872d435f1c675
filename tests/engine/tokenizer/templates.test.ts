import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { isHoldfastError } from '../../../src/base/errors.ts'
import type { ChatMessage, ChatTool } from '../../../src/engine/tokenizer/chat-message.ts'
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-templates-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What transformers gives; a conversation that a template refuses has no text. */
interface Family {
  readonly name: string
  readonly added: readonly { readonly id: number; readonly content: string }[]
  readonly files: Readonly<Record<string, unknown>>
  readonly stopIds: readonly number[]
  readonly renderings: readonly {
    readonly chat: string
    readonly addGenerationPrompt: boolean
    readonly thinking: boolean | null
    readonly text: string | null
    readonly ids: readonly number[] | null
  }[]
}
interface Expected {
  readonly chats: Readonly<Record<string, { readonly messages: readonly ChatMessage[]; readonly tools: readonly ChatTool[] }>>
  readonly families: readonly Family[]
}
const { chats, families } = JSON.parse(readFileSync(join(FIXTURES, 'templates', 'expected.json'), 'utf8')) as Expected
const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
const definition = JSON.parse(readFileSync(join(FIXTURES, 'tokenizer', 'tokenizer.json'), 'utf8')) as object

function directoryOf({ name, added, files }: Family): string {
  const directory = join(scratch, name)
  mkdirSync(directory, { recursive: true })
  for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), JSON.stringify(content))
  const tokens = added.map((token) => ({ ...token, ...flags }))
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify({ ...definition, added_tokens: tokens }))
  writeFileSync(join(directory, 'chat_template.jinja'), readFileSync(join(FIXTURES, 'templates', `${name}.jinja`)))
  return directory
}

const opened = new Map<string, Tokenizer>()
function open(family: Family, thinking: boolean | null = null): Tokenizer {
  const key = `${family.name} ${thinking}`
  const options = { thinking: thinking === null ? null : thinking ? 'on' : 'off' } as const
  const tokenizer = opened.get(key) ?? openTokenizer(directoryOf(family), options)
  opened.set(key, tokenizer)
  return tokenizer
}

function rendered(family: Family, { chat, addGenerationPrompt, thinking }: Family['renderings'][number]): unknown {
  const { messages, tools } = chats[chat] as Expected['chats'][string]
  try {
    const { text, ids } = open(family, thinking).renderChat(messages, { addGenerationPrompt, tools })
    return { text, ids: [...ids] }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return error.code === 'CHAT_TEMPLATE_DROPS' ? error.summary : { text: null, ids: null }
  }
}

test.each(families)('Tokenizer.renderChat() gives the text and ids of transformers, or says what the template drops: $name', (family) => {
  for (const rendering of family.renderings) {
    const ours = rendered(family, rendering)
    if (typeof ours === 'string') continue
    expect({ chat: rendering.chat, thinking: rendering.thinking, ...(ours as object) }).toEqual({
      ...{ chat: rendering.chat, thinking: rendering.thinking, text: rendering.text, ids: rendering.ids },
    })
  }
})

test('Tokenizer.renderChat() refuses what a template drops, and nothing that it shows', () => {
  const dropped = families.flatMap((family) =>
    family.renderings.flatMap((one) => {
      const ours = rendered(family, one)
      return typeof ours === 'string' && one.thinking === null ? [`${family.name}, ${one.chat}`] : []
    }),
  )
  expect(dropped).toMatchInlineSnapshot(`
    [
      "llama2, tools",
      "llama3, tools",
      "llama3, tool result",
      "llama3, tool turns",
      "mistral_v1, tools",
      "mistral_v7_tekken, tools",
      "gemma3, tools",
      "phi3, tools",
      "phi3, tool result",
      "phi3, tool turns",
      "phi3_5, tools",
      "phi3_5, tool result",
      "phi3_5, tool turns",
      "phi_4, tools",
      "phi_4, tool result",
      "phi_4, tool turns",
      "smollm2, tools",
      "smollm2, tool result",
      "smollm2, tool turns",
      "chatml, tools",
      "chatml, tool result",
      "chatml, tool turns",
      "deepseek_v2, tools",
      "deepseek_v2, tool result",
      "deepseek_v2, tool turns",
      "deepseekv3, tools",
      "deepseekv3, tool result",
      "deepseekv3, tool turns",
    ]
  `)
})

test('Tokenizer.turnEnd() is the token that the template writes after an answer, wherever it stands among the stop tokens', () => {
  const ends = families.map((family) => [
    family.name,
    open(family)
      .turnEnd(family.stopIds)
      .map((id) => tokenOf(family, id)),
  ])
  expect(Object.fromEntries(ends)).toMatchInlineSnapshot(`
    {
      "chatml": [
        "<|im_end|>",
      ],
      "deepseek_v2": [
        "<｜end▁of▁sentence｜>",
      ],
      "deepseekv3": [
        "<｜end▁of▁sentence｜>",
      ],
      "gemma": [
        "<end_of_turn>",
      ],
      "gemma3": [
        "<end_of_turn>",
      ],
      "llama2": [
        "</s>",
      ],
      "llama3": [
        "<|eot_id|>",
      ],
      "llama3_1": [
        "<|eot_id|>",
      ],
      "llama3_2": [
        "<|eot_id|>",
      ],
      "mistral_v1": [
        "</s>",
      ],
      "mistral_v2v3": [
        "</s>",
      ],
      "mistral_v7_tekken": [
        "</s>",
      ],
      "phi3": [
        "<|end|>",
      ],
      "phi3_5": [
        "<|end|>",
      ],
      "phi_4": [
        "<|im_end|>",
      ],
      "python_values": [
        "<|im_end|>",
      ],
      "qwen2_5": [
        "<|im_end|>",
      ],
      "qwen3": [
        "<|im_end|>",
      ],
      "qwen3_instruct_2507": [
        "<|im_end|>",
      ],
      "smollm2": [
        "<|im_end|>",
      ],
      "smollm3": [
        "<|im_end|>",
      ],
    }
  `)
})

/** By the token's text, wherever the family names it. */
function tokenOf(family: Family, id: number): string | undefined {
  const decoder = (family.files['tokenizer_config.json'] as { added_tokens_decoder?: Record<string, { content: string }> })
    .added_tokens_decoder
  return family.added.find((token) => token.id === id)?.content ?? decoder?.[id]?.content
}
