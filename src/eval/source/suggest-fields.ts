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
    'answers',
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
  const expected = findName(names, ANSWERS)
  // HumanEval: the answer is code, what is expected are its tests.
  if (names.includes('prompt') && names.includes('test') && names.includes('entry_point'))
    return "say fields: { input: 'prompt', expected: (row) => ({ tests: row.test, entry: row.entry_point }) } and grade with runsTests"
  if (expected !== undefined && isList(value, 'patterns'))
    return `say fields: { each: 'patterns', input: 'patterns', expected: ${quoted(expected)} }: a case for each of the patterns`
  const parts = PARTS.find((wanted) => wanted.every((name) => names.includes(name)))
  if (parts !== undefined && expected !== undefined) {
    const prompt = parts.map((name) => `{{input.${name}}}`).join(String.raw`\n\n`)
    return `say fields: { input: [${parts.map(quoted).join(', ')}], expected: ${quoted(expected)} } and prompt: '${prompt}': the question stands in several columns`
  }
  const input = findName(names, INPUTS)
  if (input !== undefined && expected !== undefined) return `say fields: { input: ${quoted(input)}, expected: ${quoted(expected)} }`
  // A table whose first row became its header.
  const cells = Object.values(value)
  const isTable = names.length === 2 && cells.every((cell) => typeof cell === 'string') && input === undefined && expected === undefined
  return isTable && names.some((name) => /[\s\d?]/.test(name))
    ? "if the table has no header, say columns: ['input', 'expected']; else say which column is what: fields: { input: …, expected: … }"
    : undefined
}

/** A question in several columns, each of which would be half of it. */
const PARTS = [
  ['instruction', 'input'],
  ['instruction', 'context'],
  ['context', 'question'],
  ['question', 'choices'],
  ['question', 'options'],
  ['premise', 'hypothesis'],
]

function isList(value: object, name: string): boolean {
  const list: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  return Array.isArray(list)
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
