/**
 * @file promptfoo's assertions as graders. What an assertion compares with becomes the case's expected answer where it can, so that tests with other
 * values share a grader. Code in assertions is never run.
 */
import type { JsonValue } from '../../base/json.ts'

/** One assertion, with its variables filled in. */
export interface PromptfooAssert {
  readonly type: string
  readonly value: JsonValue | undefined
  readonly threshold: number | undefined
  readonly weight: number | undefined
}

/** A grader in source text, and what the case expects for it; undefined when it does not look at that. */
export interface ConvertedAssert {
  /** Name of the function in `graders`. */
  readonly grader: string
  readonly options: Readonly<Record<string, JsonValue>>
  readonly expected: JsonValue | undefined
}

type Convert = (assert: PromptfooAssert) => ConvertedAssert | string

const CODE = 'is code, which is never run here: write it as graders.custom(name, function)'
const JUDGE = 'is judged by a model: add graders.judge with a judge of your own'
const MEASURED = 'is no property of the answer: times, tokens and cost are measured in every run'

const textList = (value: JsonValue | undefined): string[] => {
  if (typeof value === 'string') return value.split(',').map((part) => part.trim())
  return Array.isArray(value) ? value.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))) : []
}

const containing =
  (options: Readonly<Record<string, JsonValue>>, isList: boolean): Convert =>
  ({ value }) => {
    const scalar = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    const texts = (isList ? textList(scalar) : typeof scalar === 'string' ? [scalar] : []).filter((text) => text.trim() !== '')
    if (texts.length === 0) return 'has no text to look for'
    return { grader: 'contains', options: { ...options, wordBoundaries: false }, expected: texts }
  }

const metric =
  (grader: string, options: Readonly<Record<string, JsonValue>> = {}): Convert =>
  ({ value }) =>
    typeof value === 'string' && value !== '' ? { grader, options, expected: value } : 'has no text to compare with'

const refuse =
  (reason: string): Convert =>
  () =>
    reason

const equals: Convert = ({ value }) => {
  if (value === undefined || value === null || Array.isArray(value)) return 'compares with a value that is no text, number or object'
  return typeof value === 'object'
    ? { grader: 'jsonMatch', options: {}, expected: value }
    : { grader: 'exactMatch', options: {}, expected: value }
}

/** Look-around and backreferences: what an engine of linear time does not have. */
const NOT_LINEAR = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</

const regex: Convert = ({ value }) => {
  if (typeof value !== 'string') return 'has no pattern'
  if (NOT_LINEAR.test(value)) return 'has a pattern with look-around or backreferences, which graders.regex does not take'
  return { grader: 'regex', options: { pattern: value, full: false }, expected: undefined }
}

const startsWith: Convert = ({ value }) =>
  typeof value === 'string' && value !== ''
    ? {
        grader: 'regex',
        options: { pattern: `^${value.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)}`, full: false },
        expected: undefined,
      }
    : 'has no text to begin with'

const isJson: Convert = ({ value }) => {
  if (typeof value === 'string') return 'names a schema in another file: put the schema into graders.jsonSchema'
  const schema = value === undefined || value === null ? { type: ['object', 'array'] } : value
  return { grader: 'jsonSchema', options: { schema }, expected: undefined }
}

const CONVERTERS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['equals', equals],
  ['contains', containing({}, false)],
  ['icontains', containing({ ignoreCase: true }, false)],
  ['contains-all', containing({}, true)],
  ['icontains-all', containing({ ignoreCase: true }, true)],
  ['contains-any', containing({ match: 'any' }, true)],
  ['icontains-any', containing({ match: 'any', ignoreCase: true }, true)],
  ['regex', regex],
  ['starts-with', startsWith],
  ['is-json', isJson],
  ['contains-json', isJson],
  ['rouge-n', metric('rouge', { n: 1 })],
  ['bleu', metric('bleu')],
  ['gleu', metric('textSimilarity', { metric: 'gleu' })],
  ['meteor', metric('textSimilarity', { metric: 'meteor' })],
  ...['javascript', 'python', 'ruby', 'webhook'].map((type) => [type, refuse(CODE)] as const),
  ...['latency', 'cost', 'perplexity', 'perplexity-score'].map((type) => [type, refuse(MEASURED)] as const),
  ['llm-rubric', refuse(JUDGE)],
  ...['factuality', 'g-eval', 'model-graded-closedqa', 'model-graded-factuality', 'answer-relevance', 'context-faithfulness'].map(
    (type) => [type, refuse(JUDGE)] as const,
  ),
  ...['context-recall', 'context-relevance', 'select-best', 'pi', 'classifier', 'search-rubric'].map(
    (type) => [type, refuse(JUDGE)] as const,
  ),
  ['similar', refuse('compares embeddings: add a grader for embedding similarity with a local model')],
  ['levenshtein', refuse('counts edits: graders.editDistance gives a likeness instead, choose its threshold')],
])

/** The grader of an assertion, or why there is none. */
export function convertAssert(assert: PromptfooAssert): ConvertedAssert | string {
  if (assert.type.startsWith('not-')) return 'is a negation, which no grader has: write it as graders.custom(name, function)'
  return CONVERTERS.get(assert.type)?.(assert) ?? 'has no counterpart'
}
