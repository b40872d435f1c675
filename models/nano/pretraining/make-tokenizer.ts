/**
 * @file Script: writes tokenizer.json, the chat template and the model's configuration into models/nano, all from the seed alone.
 * Run it with `npm run pretrain:tokenizer`; the bytes are the same on every machine.
 */
import { writeFileSync } from 'node:fs'
import { corpus } from './corpus.ts'
import { CORPUS_SEED, MODEL_DIRECTORY, modelConfig } from './settings.ts'
import { trainBytePairs } from './tokenizer/byte-pairs.ts'
import { SPECIAL_TOKENS, splitPieces, tokenizerFile } from './tokenizer/tokenizer-file.ts'

const EXAMPLES = 60_000
const SYMBOLS = 1216 - SPECIAL_TOKENS.length

const CHAT_TEMPLATE = `{{- bos_token -}}
{%- for message in messages -%}
  {%- if message['role'] == 'system' -%}{{- '<sys>' + message['content'] -}}
  {%- elif message['role'] == 'user' -%}{{- '<user>' + message['content'] -}}
  {%- elif message['role'] == 'assistant' -%}{{- '<asst>' + message['content'] + eos_token -}}
  {%- else -%}{{- raise_exception('unknown role') -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<asst>' -}}{%- endif -%}`

const counts = new Map<string, number>()
for (const { messages, answer } of corpus(CORPUS_SEED, 'tokenizer', EXAMPLES)) {
  for (const piece of [...messages.map((message) => message.content), answer].flatMap(splitPieces))
    counts.set(piece, (counts.get(piece) ?? 0) + 1)
}
const pairs = trainBytePairs(counts, SYMBOLS)
const vocabSize = pairs.symbols.length + SPECIAL_TOKENS.length
const [padToken, bosToken, eosToken] = SPECIAL_TOKENS

const files: Readonly<Record<string, unknown>> = {
  'tokenizer.json': tokenizerFile(pairs),
  'tokenizer_config.json': {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: padToken,
    bos_token: bosToken,
    eos_token: eosToken,
    additional_special_tokens: SPECIAL_TOKENS.slice(3),
    model_max_length: 256,
    clean_up_tokenization_spaces: false,
    chat_template: CHAT_TEMPLATE,
  },
  'config.json': modelConfig(vocabSize),
  'generation_config.json': { bos_token_id: 1, eos_token_id: 2, pad_token_id: 0, do_sample: false, max_new_tokens: 64 },
}
for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name, MODEL_DIRECTORY), `${JSON.stringify(content, null, 2)}\n`)
writeFileSync(new URL('chat_template.jinja', MODEL_DIRECTORY), CHAT_TEMPLATE)
