import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { ChatMessage, ChatTool } from '../../../src/engine/tokenizer/chat-message.ts'
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'

const FIXTURE = fileURLToPath(new URL('../fixtures/tokenizer', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-named-templates-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const USER: readonly ChatMessage[] = [{ role: 'user', content: 'hi' }]
const TOOL: ChatTool = { name: 'look_up', parameters: { type: 'object' } }
const PLAIN = 'D{{ messages[0].content }}'
const WITH_TOOLS = 'T{{ messages[0].content }}{{ tools | tojson if tools }}'
const SPECIALS = '{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ pad_token }}|{{ image_token }}{{ messages[0].content }}'

let copies = 0
/** A tokenizer of the fixture's vocabulary and nothing but these files. */
function opened(files: Readonly<Record<string, unknown>>, definition: object = {}): Tokenizer {
  const directory = join(scratch, String(copies++))
  cpSync(join(FIXTURE, 'tokenizer.json'), join(directory, 'tokenizer.json'))
  for (const [name, content] of Object.entries({ 'tokenizer_config.json': {}, ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  if (Object.keys(definition).length > 0) writeFileSync(join(directory, 'config.json'), JSON.stringify(definition))
  return openTokenizer(directory)
}
const text = (tokenizer: Tokenizer, tools: readonly ChatTool[] = [], messages = USER): string =>
  tokenizer.renderChat(messages, { addGenerationPrompt: true, tools }).text
function failure(work: () => unknown): string {
  try {
    return JSON.stringify(work())
  } catch (error) {
    return (error as Error).message.replaceAll(/\/\S*holdfast-named-templates-\w+\/\d+/g, '<model>')
  }
}

test.each([
  [
    'a list in tokenizer_config.json',
    {
      'tokenizer_config.json': {
        chat_template: [
          { name: 'default', template: PLAIN },
          { name: 'tool_use', template: WITH_TOOLS },
        ],
      },
    },
  ],
  ['a mapping in tokenizer_config.json', { 'tokenizer_config.json': { chat_template: { default: PLAIN, tool_use: WITH_TOOLS } } }],
  ['a mapping in chat_template.json', { 'chat_template.json': { chat_template: { default: PLAIN, tool_use: WITH_TOOLS } } }],
  ['files', { 'chat_template.jinja': PLAIN, 'additional_chat_templates/tool_use.jinja': WITH_TOOLS }],
  [
    'a file beside tokenizer_config.json',
    { 'tokenizer_config.json': { chat_template: PLAIN }, 'additional_chat_templates/tool_use.jinja': WITH_TOOLS },
  ],
  [
    'a file over tokenizer_config.json',
    {
      'tokenizer_config.json': { chat_template: 'C' },
      'chat_template.jinja': PLAIN,
      'additional_chat_templates/tool_use.jinja': WITH_TOOLS,
    },
  ],
])('openTokenizer() takes "tool_use" where there are tools, else "default", of %s', (_, files) => {
  const tokenizer = opened(files)
  expect(text(tokenizer)).toBe('Dhi')
  expect(text(tokenizer, [TOOL])).toBe('Thi[{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}]')
})

test('openTokenizer() reads a single template of chat_template.json, and names the templates when none is the default', () => {
  expect(text(opened({ 'chat_template.json': { chat_template: PLAIN } }))).toBe('Dhi')
  const named = opened({ 'tokenizer_config.json': { chat_template: { tool_use: WITH_TOOLS, rag: PLAIN } } })
  expect(text(named, [TOOL])).toContain('look_up')
  expect(failure(() => text(named))).toMatchInlineSnapshot(`
    "CHAT_TEMPLATE_MISSING  The model has no chat template called "default", only "tool_use", "rag"
      where  <model>/tokenizer_config.json
      fix    use an instruction-tuned variant of the model, or put its chat_template.jinja beside tokenizer.json"
  `)
})

const MAP = { bos_token: '<|im_start|>', eos_token: { content: '<|im_end|>', lstrip: false } }
test.each([
  ['special_tokens_map.json alone', { 'special_tokens_map.json': MAP }, {}, '<|im_start|>|<|im_end|>|||hi'],
  [
    'the map over the configuration',
    { 'tokenizer_config.json': { bos_token: '<|im_end|>' }, 'special_tokens_map.json': MAP },
    {},
    '<|im_start|>|<|im_end|>|||hi',
  ],
  [
    'the map over null',
    { 'tokenizer_config.json': { bos_token: null }, 'special_tokens_map.json': MAP },
    {},
    '<|im_start|>|<|im_end|>|||hi',
  ],
  [
    'a configuration of the newer form alone',
    { 'tokenizer_config.json': { added_tokens_decoder: {} }, 'special_tokens_map.json': MAP },
    {},
    '||||hi',
  ],
  [
    'further named tokens',
    { 'tokenizer_config.json': { image_token: '<i>', extra_special_tokens: { pad_token: '<p>' } } },
    {},
    '|||<p>|<i>hi',
  ],
  [
    'the class',
    { 'tokenizer_config.json': { tokenizer_class: 'Qwen2TokenizerFast' } },
    {},
    '|<|endoftext|>|<|endoftext|>|<|endoftext|>|hi',
  ],
  ['the class of the model', {}, { model_type: 'gemma2' }, '<bos>|<eos>|<unk>|<pad>|hi'],
  ['no class for a byte-level Llama', { 'tokenizer_config.json': { tokenizer_class: 'LlamaTokenizer' } }, {}, '||||hi'],
])('openTokenizer() takes special tokens from %s, as transformers 5.24 does', (_, files, model, expected) => {
  const config = { ...(files as Record<string, object>)['tokenizer_config.json'] }
  expect(text(opened({ ...files, 'tokenizer_config.json': { ...config, chat_template: SPECIALS } }, model))).toBe(expected)
})

test('openTokenizer() adds tokens that stand outside of tokenizer.json, under ids of their own', () => {
  const files = {
    'added_tokens.json': { '<b>': 321, '<a>': 320 },
    'special_tokens_map.json': { additional_special_tokens: ['<b>', '<c>'] },
  }
  const tokenizer = opened(files)
  expect(['<a>', '<b>', '<c>'].map((token) => tokenizer.tokenId(token))).toEqual([320, 321, 322])
  expect([...tokenizer.encode('<c><a>')]).toEqual([322, 320])
  expect(tokenizer.decode([320, 321, 322])).toBe('<a>')
})

test('Tokenizer.renderChat() says what a template leaves out', () => {
  const of = (template: string): Tokenizer => opened({ 'tokenizer_config.json': { chat_template: template } })
  const call: ChatMessage = { role: 'assistant', content: 'So:', toolCalls: [{ id: null, name: 'look_up', arguments: '{}' }] }
  const contents = '{% for m in messages %}{{ m.content }}{% endfor %}'
  const summaries = [
    failure(() => text(of(PLAIN), [TOOL])),
    failure(() => text(of(`${PLAIN}{% if tools %}{{ tools[0].function.name }}{% endif %}`), [TOOL, { name: 'other', parameters: {} }])),
    failure(() => text(of(contents), [], [...USER, call])),
    failure(() => text(of('{{ messages[1].content }}'), [], [{ role: 'system', content: 'Be brief.' }, ...USER])),
    failure(() => text(of('{{ messages[0].content }}'), [], [...USER, { role: 'tool', content: '7' }])),
  ]
  expect(summaries.map((one) => one.split('\n')[0])).toEqual([
    'CHAT_TEMPLATE_DROPS  The chat template has no place for tools ("look_up"): the model would never see it',
    'CHAT_TEMPLATE_DROPS  The chat template has no place for the tool "other": the model would never see it',
    'CHAT_TEMPLATE_DROPS  The chat template has no place for the call of "look_up" in messages[1]: the model would never see it',
    'CHAT_TEMPLATE_DROPS  The chat template has no place for messages[0], of the role "system": the model would never see it',
    'CHAT_TEMPLATE_DROPS  The chat template has no place for messages[1], of the role "tool": the model would never see it',
  ])
  expect(summaries[0]).toMatchInlineSnapshot(`
    "CHAT_TEMPLATE_DROPS  The chat template has no place for tools ("look_up"): the model would never see it
      where  <model>/tokenizer_config.json
      fix    use a model whose template shows it, or write it into the prompt yourself and leave it out of the messages"
  `)
})

test('Tokenizer.renderChat() accepts a template that rewrites what it shows', () => {
  const template = "{{ messages[0].content.replace('/no_think', '').rstrip() }}{{ messages[1].content | tojson }}"
  const tokenizer = opened({ 'tokenizer_config.json': { chat_template: template } })
  expect(
    text(
      tokenizer,
      [],
      [
        { role: 'system', content: 'Brief. /no_think' },
        { role: 'user', content: 'a "b"' },
      ],
    ),
  ).toBe('Brief."a \\"b\\""')
})

test('Tokenizer.turnEnd() is what the template writes, else the tokenizer’s end, else the first stop token', () => {
  const end = (template: string, stopIds: readonly number[]): readonly number[] =>
    opened({ 'tokenizer_config.json': { eos_token: '<|im_end|>', chat_template: template } }).turnEnd(stopIds)
  const turns = "{% for m in messages %}{{ m.content + ' ' + '<|im_end|>' + '\\n' }}{% endfor %}<|endoftext|>"
  expect(end(turns, [0, 2])).toEqual([2])
  expect(end('{% for m in messages %}{{ m.content }}\n{% endfor %}', [0, 2])).toEqual([2])
  expect(end('{% for m in messages %}{{ m.content }}\n{% endfor %}', [0, 1])).toEqual([0])
  expect(end("{{ raise_exception('no') }}", [1])).toEqual([1])
  expect(end(turns, [])).toEqual([])
  expect(failure(() => end(turns, [0, 1]))).toMatchInlineSnapshot(`
    "TURN_END_NO_STOP  The chat template ends a turn with "<|im_end|>" (2), at which the model does not stop: what it learned to end would run on
      where  <model>/tokenizer_config.json
      fix    add 2 to eos_token_id in generation_config.json"
  `)
})
