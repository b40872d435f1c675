/**
 * @file Which `fields` a row of another shape would need: public data sets call question and answer by a few usual names.
 */
const CHATS = ['messages', 'conversations', 'conversation']
const INPUTS = [
  ...[
    'input',
    'prompt',
    'question',
    'query',
    'instruction',
    'utterance',
    'user',
    'human',
    'q',
    'patterns',
    'pattern',
    'context',
    'text',
    'sentence',
  ],
]
const ANSWERS = [
  ...[
    'expected',
    'answer',
    'response',
    'completion',
    'output',
    'target',
    'reply',
    'assistant',
    'bot',
    'a',
    'label',
    'intent',
    'category',
    'tag',
  ],
]

/** A fix in words, or undefined for a row that has none of the usual names. */
export function suggestFields(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const names = Object.keys(value).slice(0, 100)
  if (names.includes('input') && names.includes('expected')) return undefined
  const chat = findName(names, CHATS)
  if (chat !== undefined)
    return `say fields: { messages: ${quoted(chat)} }: the last assistant turn is expected, what stands before it is asked`
  const [input, expected] = [findName(names, INPUTS), findName(names, ANSWERS)]
  if (input !== undefined && expected !== undefined) return `say fields: { input: ${quoted(input)}, expected: ${quoted(expected)} }`
  return undefined
}

function findName(names: readonly string[], usual: readonly string[]): string | undefined {
  for (const wanted of usual) {
    const found = names.find((name) => name.toLowerCase() === wanted)
    if (found !== undefined) return found
  }
  return undefined
}

/** Only names of the lists above come here, in any letter case. */
function quoted(name: string): string {
  return `'${name}'`
}
