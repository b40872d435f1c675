/**
 * @file What profile "reward" passes, profile "eval" passes: for every grader, on answers that are right, wrong, denied, fenced, thought, repeated and torn.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import type { JsonValue } from '../../src/base/json.ts'
import type { Grader, GraderModels, GradingProfile } from '../../src/eval/grader.ts'
import * as CARDS from '../../src/grader/built-in.ts'
import type { GraderCard } from '../../src/grader/grader-card.ts'
import { graders } from '../../src/grader/graders.ts'
import { judge } from '../../src/grader/judge.ts'
import { inputOf } from './grade-with.ts'

/** A grader, what is expected, pieces that answers are made of, and how many answers are tried where each takes time. */
type Row = readonly [grader: Grader, gold: JsonValue, pieces: readonly string[], runs?: number]

const CALL = { name: 'book', arguments: { city: 'Oslo', nights: 2 } }
const CALLS = [
  JSON.stringify(CALL),
  '{"name":"pay","arguments":{}}',
  '{"name":"book","arguments":{"nights":"2"}}',
  '{"name":',
  '<tool_call>',
  '</tool_call>',
  '[',
  ']',
]
const ORDER = { a: 'x', n: 2, tags: ['p', 'q'], drug: ['y', 'z'] }
const ORDERS = [
  '{"a":"x","n":2,"tags":["q","p"],"drug":"y"}',
  '{"a":"X","n":"2","tags":["p"],"drug":"Z"}',
  '{"a":"x"}',
  '{',
  '}',
  '{"b":1}',
]
const RFT = { type: 'string_check', name: 's', input: '{{sample.output_text}}', reference: '{{item.expected}}', operation: 'eq' }
const WORDS = ['yes', 'Yes', 'no', 'the cat', 'sat', '"yes"']

/** Graders in several settings; those that have no row are tried as their cards say. */
const EVERY: { readonly [Name in Exclude<keyof typeof graders, 'judge'>]?: readonly Row[] } = {
  exactMatch: [[graders.exactMatch({ ignoreCase: true }), 'Yes', WORDS]],
  contains: [
    [graders.contains(), 'yes', WORDS],
    [graders.contains({ exclusive: ['no'], ignoreCase: true, match: 'any' }), ['yes', 'sat'], WORDS],
  ],
  oneOf: [[graders.oneOf(), ['yes', 'the cat.'], WORDS]],
  regex: [
    [graders.regex({ pattern: '(yes|no)( sat)*', group: 1 }), 'yes', WORDS],
    [graders.regex({ pattern: 'yes|sat' }), null, WORDS],
  ],
  label: [[graders.label({ labels: ['yes', 'no', 'the cat'] }), 'yes', WORDS]],
  answer: [
    [graders.answer(), '1/2', ['1/2', '0.5', '\\boxed{0.5}', '#### 1/2', '$\\frac{1}{2}$', '2/4', '1+1', '3', '{1,2}', '5 km']],
    [graders.answer({ units: ['length'], missingUnit: 'accept', percent: 'value' }), '5 km', ['5 km', '5000 m', '5', '50%', '\\boxed{5}']],
  ],
  number: [
    [graders.number({ tolerance: 0.5 }), 14, ['14', '14.4', '15', 'mg', '1,400']],
    [graders.number({ unit: 'mg', significantDigits: 2 }), 500, ['500 mg', '0.5 g', '500', '600 mg', 'mg']],
  ],
  date: [
    [
      graders.date(),
      '2026-11-23',
      ['2026-11-23', 'Nov 23, 2026', 'Monday, 23 November 2026', 'Tuesday, 23 November 2026', '14:30', '2026-11-24'],
    ],
  ],
  isoDate: [[graders.isoDate(), '2026-11-23', ['2026-11-23', '2026-11-24', 'Tuesday']]],
  list: [[graders.list(), ['fig', 'a: b', 'x and y'], ['fig', 'a: b', 'x and y', 'and', '["fig","a: b","x and y"]']]],
  set: [[graders.set({ items: 'number' }), [1, 2], ['1', '2', '2.0', '3', '[1,2]', 'and']]],
  jsonMatch: [
    [
      graders.jsonMatch(),
      { id: '12345678901234567890', n: 1 },
      ['{"id":12345678901234567890,"n":1}', '{"id":12345678901234567891,"n":1}', '{"n":1}', '{', '}'],
    ],
    [graders.jsonMatch({ fields: { a: 'text', n: 'number', tags: 'subset', drug: { oneOf: 'text' } } }), ORDER, ORDERS],
    [graders.jsonMatch({ fields: { tags: 'set', drug: 'one-of' } }), ORDER, ORDERS],
  ],
  jsonSchema: [[graders.jsonSchema({ schema: { required: ['a'] } }), null, ['{"a":1}', '{"b":1}', '{', '}', '1', '[]']]],
  toolCall: [
    [graders.toolCall(), [], CALLS],
    [graders.toolCall({ allowExtra: true }), [], CALLS],
    [graders.toolCall(), CALL, CALLS],
    [graders.toolCall({ arguments: { nights: 'number' }, order: 'exact' }), [CALL, { name: 'pay', arguments: {} }], CALLS],
  ],
  editDistance: [[graders.editDistance({ ignoreCase: true }), 'The  Cat', WORDS]],
  bleu: [[graders.bleu(), 'the cat sat', WORDS]],
  rouge: [[graders.rouge({ n: 1 }), ['the cat sat', 'yes'], WORDS]],
  textSimilarity: [[graders.textSimilarity({ metric: 'fuzzy_match' }), 'the cat', WORDS]],
  embeddingSimilarity: [[graders.embeddingSimilarity({ model: 'm', threshold: 0.5 }), 'the cat', WORDS, 50]],
  javascript: [
    [graders.javascript({ source: 'function grade(sample, item) { return sample.output_text === item.expected }' }), 'yes', WORDS, 10],
  ],
  runsTests: [
    [
      graders.runsTests({ language: 'javascript', entry: 'f' }),
      [{ args: [1], expected: 2 }],
      ['function f(x) { return x + 1 }', '```js\nfunction f(x) { return 2 }\n```', '```', 'f', 'Sure:'],
      15,
    ],
  ],
  ifeval: [
    [
      graders.ifeval({ mode: 'loose' }),
      { instruction_id_list: ['punctuation:no_comma', 'startend:quotation'], kwargs: [{}, {}] },
      ['"', 'a', '*', '"a"', ','],
    ],
  ],
  weighted: [[graders.weighted({ graders: [graders.number(), graders.exactMatch()] }), '14', ['14', '15', 'no']]],
  formula: [
    [
      graders.formula({ graders: { right: graders.number(), same: graders.exactMatch() }, expression: 'max(right, same)' }),
      '14',
      ['14', '15', 'no'],
    ],
  ],
  fromRft: [[graders.fromRft(RFT), 'yes', WORDS]],
  custom: [[graders.custom('same', ({ completion, case: row }) => completion.text === row.expected), 'yes', WORDS]],
}
const JUDGES: Readonly<Record<keyof typeof judge, readonly Row[]>> = {
  score: [[judge.score({ model: 'm', rubric: 'r', range: [0, 1] }), 'yes', WORDS, 50]],
  label: [[judge.label({ model: 'm', question: 'q', labels: ['a', 'b'], passing: ['a'] }), 'yes', WORDS, 50]],
  pairwise: [[judge.pairwise({ model: 'm', against: 'expected' }), 'yes', WORDS, 50]],
  rubric: [[judge.rubric({ model: 'm', criteria: [{ name: 'c', text: 't' }] }), 'yes', WORDS, 50]],
}
/** Starts a process for every answer: python-profiles.real.test.ts. */
const ELSEWHERE = ['python']
const OTHERS = Object.entries<GraderCard<unknown>>(CARDS).flatMap(([name, { example }]): readonly (readonly [string, readonly Row[]])[] =>
  name in EVERY || example === null ? [] : [[name, [[example.make(), example.expected, [example.right, example.wrong]]]]],
)
const ALL = [...Object.entries(EVERY), ...OTHERS, ...Object.entries(JUDGES)].flatMap(([name, rows]) =>
  rows.map((row, index) => [`${name} ${index + 1}`, row] as const),
)

/** A judge and an embedder that know nothing but are always of the same mind about the same text. */
const MODELS: GraderModels = {
  complete: (_reference, { messages }) => {
    const even = Number.parseInt(sha256(messages.map(({ content }) => content).join()).slice(0, 2), 16) % 2 === 0
    const text = JSON.stringify({
      reasoning: '',
      score: even ? 1 : 0,
      label: even ? 'a' : 'b',
      better: even ? 'FIRST' : 'SECOND',
      met: even,
    })
    return Promise.resolve({ text, tokenIds: [], logProbs: null, finishReason: 'stop' })
  },
  embed: (_reference, texts) => Promise.resolve(texts.map((text) => Float32Array.of(Math.cos(text.length), Math.sin(text.length)))),
}

const FORMS = [
  'X',
  ' X \n',
  'X.',
  '"X"',
  '**X**',
  'The answer is X.',
  'Answer: X',
  'It is not X.',
  'not X',
  'X? No, Y.',
  'X, not Y',
  'X. Scratch that.',
  'X is wrong.',
  'X or Y',
  'X and Y',
  'X\nY',
  'X Y',
  '- X\n- Y',
  '```\nX\n```',
  '```json\nX\n```\nDone.',
  'Sure! X Anything else?',
  '<think>X</think>',
  '<think>X</think>Y',
  '<think>Y</think>\nX',
  '<think>X',
  'Y <think>X',
  '[X, Y]',
  '{"answer": "X"}',
  '\\boxed{X}',
  '#### X',
  'I call X',
  'I will not call X',
  'These are not the answers:\nX\nY',
  'X; Y',
  'X\u200b',
  'x'.repeat(300) + ' X',
]

async function rewardOf(grader: Grader, text: string, [gold, profile]: readonly [JsonValue, GradingProfile]): Promise<number> {
  const { reward } = await grader.grade({ ...inputOf(text, gold, profile), models: MODELS })
  return reward ?? 0
}

test('the tables of this test have every grader', () => {
  expect([...Object.keys(EVERY), ...ELSEWHERE, ...OTHERS.map(([name]) => name)].toSorted()).toEqual(
    Object.keys(graders)
      .filter((name) => name !== 'judge')
      .toSorted(),
  )
  expect(Object.keys(JUDGES).toSorted()).toEqual(Object.keys(judge).toSorted())
})

test.each(ALL)(
  'what profile "reward" passes, profile "eval" passes, and no answer gets more: %s',
  async (_, [grader, gold, pieces, runs = 400]) => {
    const piece = fc.constantFrom(...pieces)
    const formed = fc.tuple(fc.constantFrom(...FORMS), piece, piece).map(([form, x, y]) => form.replaceAll('X', x).replaceAll('Y', y))
    const joined = fc
      .array(fc.oneof(piece, fc.constantFrom(' ', '\n', ', ', '. ', ' not ', ' no, ', '```', '"', ': ')), { maxLength: 7 })
      .map((parts) => parts.join(''))
    const torn = fc.tuple(formed, fc.nat(40)).map(([text, at]) => text.slice(0, at))
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: formed }, { weight: 3, arbitrary: joined }, torn, fc.string()), async (text) => {
        const [lenient, strict] = [await rewardOf(grader, text, [gold, 'eval']), await rewardOf(grader, text, [gold, 'reward'])]
        expect(strict, JSON.stringify(text)).toBeLessThanOrEqual(lenient + 1e-12)
      }),
      { numRuns: runs },
    )
  },
)
