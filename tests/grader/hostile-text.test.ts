import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import type { Grader } from '../../src/eval/grader.ts'
import { contains } from '../../src/grader/contains.ts'
import { date } from '../../src/grader/date.ts'
import { editDistance } from '../../src/grader/edit-distance.ts'
import { graders } from '../../src/grader/graders.ts'
import { ifeval } from '../../src/grader/ifeval.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import { jsonSchema } from '../../src/grader/json-schema.ts'
import { list } from '../../src/grader/list.ts'
import { number } from '../../src/grader/number.ts'
import { oneOf } from '../../src/grader/one-of.ts'
import { regex } from '../../src/grader/regex.ts'
import { set } from '../../src/grader/set.ts'
import { toolCall } from '../../src/grader/tool-call.ts'
import { gradeWith } from './grade-with.ts'

// Answers at once from then on.
await ifeval().ready?.()
await graders.bleu().ready?.()

const LENGTH = 10_000
const HOSTILE: Readonly<Record<string, string>> = {
  'open braces': '{'.repeat(LENGTH),
  'open brackets': `{"a":${'['.repeat(LENGTH)}`,
  'nested objects': '{"a":'.repeat(LENGTH / 5) + '1' + '}'.repeat(LENGTH / 5),
  'small objects': '{}'.repeat(LENGTH / 2),
  'open quotes': '{"'.repeat(LENGTH / 2),
  'back slashes': `{"${'\\'.repeat(LENGTH)}`,
  digits: '1'.repeat(LENGTH),
  'digits then a letter': `${'1'.repeat(LENGTH)}x`,
  'thousands groups': `1${',111'.repeat(LENGTH / 4)},1`,
  'signs and points': '+-.e,'.repeat(LENGTH / 5),
  'white space': ' \n\t'.repeat(LENGTH / 3) + 'x',
  dashes: '2026-'.repeat(LENGTH / 5),
  'labels again and again': 'urgent routine '.repeat(LENGTH / 15),
  'expanding ligatures': '\ufdfa'.repeat(LENGTH),
  'lone surrogates': '\ud800'.repeat(LENGTH),
  'combining marks': `e${'\u0301'.repeat(LENGTH)}`,
  'null characters': '\u0000'.repeat(LENGTH),
  'one letter': 'a'.repeat(LENGTH),
  'nested brackets': '['.repeat(LENGTH / 2) + ']'.repeat(LENGTH / 2),
  quotes: `"'`.repeat(LENGTH / 2),
  'back ticks': '`'.repeat(LENGTH),
  'huge numbers': '1e9999 mg '.repeat(LENGTH / 10),
  'long digits with a unit': `${'9'.repeat(390)}.${'9'.repeat(9_000)} mg`,
  'prototype keys': `{${'"__proto__":{"constructor":{}},'.repeat(LENGTH / 31)}"__proto__":{}}`,
  'prototype bomb': '{"__proto__":'.repeat(LENGTH / 13) + '1' + '}'.repeat(LENGTH / 13),
  'many keys': `{${Array.from({ length: 900 }, (_, key) => `"k${key}":1`).join()}}`,
  'many items': `[${Array.from({ length: 2000 }, (_, item) => item + 1000).join()}]`,
  'many objects': `[${Array.from({ length: 900 }, (_, item) => `{"a":${item}}`).join()}]`,
  commas: ','.repeat(LENGTH),
  'commas and words': 'fig, '.repeat(LENGTH / 5),
  'and and and': 'and '.repeat(LENGTH / 4),
  lines: '- a\n'.repeat(LENGTH / 4),
  'blank lines': '\n'.repeat(LENGTH - 1) + '*',
  asterisks: '*'.repeat(LENGTH),
  'asterisks apart': '* '.repeat(LENGTH / 2),
  'angle brackets': '<'.repeat(LENGTH),
  'open tags': '<tool_call>'.repeat(LENGTH / 11),
  'tags of calls': '<tool_call>{"name":"f"}</tool_call>'.repeat(LENGTH / 35),
  sections: 'Section '.repeat(LENGTH / 8),
  postscripts: 'p.p.p.'.repeat(LENGTH / 6),
  periods: '. '.repeat(LENGTH / 2),
  initials: 'A. '.repeat(LENGTH / 3),
  months: 'nov 3, '.repeat(LENGTH / 7),
  days: '3.11.2026 '.repeat(LENGTH / 10),
  'all the answers': 'apple pear fig urgent routine 7 8 2026-11-23 2026-11-24 '.repeat(LENGTH / 56),
}

const ALL: readonly (readonly [Grader, string | number | { a: number }])[] = [
  [graders.exactMatch({ ignoreCase: true }), 'y'],
  [graders.label({ labels: ['urgent', 'routine'] }), 'urgent'],
  [graders.number(), 7],
  [graders.isoDate(), '2026-11-23'],
  [graders.jsonMatch({ fields: { a: 'number' } }), { a: 1 }],
]

const INSTRUCTIONS: readonly (readonly [string, JsonValue])[] = [
  ['keywords:existence', { keywords: ['a', 'p.p.'] }],
  ['keywords:frequency', { keyword: 'aa', frequency: 3, relation: 'at least' }],
  ['keywords:forbidden_words', { forbidden_words: ['aa', 'z'] }],
  ['keywords:letter_frequency', { letter: 'a', let_frequency: 3, let_relation: 'at least' }],
  ['language:response_language', { language: 'ru' }],
  ['length_constraints:number_sentences', { num_sentences: 3, relation: 'at least' }],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }],
  ['length_constraints:number_words', { num_words: 3, relation: 'less than' }],
  ['length_constraints:nth_paragraph_first_word', { num_paragraphs: 2, nth_paragraph: 1, first_word: 'a' }],
  ['detectable_content:number_placeholders', { num_placeholders: 3 }],
  ['detectable_content:postscript', { postscript_marker: 'P.P.S' }],
  ['detectable_format:number_bullet_lists', { num_bullets: 3 }],
  ['detectable_format:constrained_response', null],
  ['detectable_format:number_highlighted_sections', { num_highlights: 3 }],
  ['detectable_format:multiple_sections', { section_spliter: 'Section', num_sections: 3 }],
  ['detectable_format:json_format', null],
  ['detectable_format:title', null],
  ['combination:two_responses', null],
  ['combination:repeat_prompt', { prompt_to_repeat: 'aaaa' }],
  ['startend:end_checker', { end_phrase: 'aaaa' }],
  ['startend:quotation', null],
  ['change_case:capital_word_frequency', { capital_frequency: 3, capital_relation: 'at least' }],
  ['change_case:english_capital', null],
  ['change_case:english_lowercase', null],
  ['punctuation:no_comma', null],
]

const SCHEMA = {
  type: ['object', 'array'],
  uniqueItems: true,
  patternProperties: { '^(a|aa)*$': { type: 'number' } },
  additionalProperties: { anyOf: [{ $ref: '#' }, { type: 'string', pattern: '(x+x+)+y' }] },
  items: { anyOf: [{ type: 'number' }, { $ref: '#' }] },
}

// Graders for which a part of these texts may be right: they must give a grade, whatever it is.
const PARTIAL: readonly (readonly [Grader, JsonValue])[] = [
  [contains({ ignoreCase: true, exclusive: ['routine', 'not urgent'] }), ['urgent', 'a']],
  [contains({ match: 'any', wordBoundaries: false }), ['q', '-', 'aaaa']],
  [regex({ pattern: '(a|aa)*(b|[^x]*)x', group: 1 }), 'q'],
  [regex({ pattern: '^(\\s*[a-z]+\\W?)*$', flags: 's' }), null],
  [oneOf(), ['urgent', 'routine']],
  [number({ unit: 'mg', relativeTolerance: 0.1 }), 7],
  [number({ unit: 'mg', significantDigits: 3 }), '1e-9999'],
  [number({ tolerance: 0.5 }), '1e9999'],
  [date(), '2026-11-23'],
  [date({ order: 'day-first' }), '2026-11-23T14:30Z'],
  [list(), ['apple', 'pear', 'fig']],
  [list({ items: 'number' }), [1, 2, 3]],
  [set({ items: 'date', separator: ',' }), ['2026-11-23', '2026-11-24']],
  [jsonSchema({ schema: SCHEMA }), null],
  [jsonMatch({ fields: { '/a/__proto__': 'set', k1: 'number', '': 'list' } }), { a: 1 }],
  [editDistance(), 'ab'.repeat(LENGTH / 2)],
  [editDistance({ ignoreCase: true }), 'q'.repeat(LENGTH)],
  [
    toolCall({ allowExtra: true }),
    [
      { name: 'f', arguments: {} },
      { name: 'g', arguments: { a: 1 } },
    ],
  ],
  [ifeval({ mode: 'loose' }), { instruction_id_list: INSTRUCTIONS.map(([id]) => id), kwargs: INSTRUCTIONS.map(([, given]) => given) }],
]

/** Of the processor's time, which a machine that others use does not stretch. */
function processorMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

test.each(Object.keys(HOSTILE))('every grader with partial credit gives a grade for 10 kB of %s, in bounded time', (name) => {
  for (const [grader, gold] of PARTIAL) {
    const start = process.cpuUsage()
    for (const profile of ['eval', 'reward'] as const) {
      const { reward, errors } = gradeWith(grader, HOSTILE[name] as string, gold, profile)
      // A language that cannot be told is the only reason to give none.
      if (reward === null) expect([profile, errors[0]?.code], grader.name).toEqual([profile, 'LANGUAGE_UNCERTAIN'])
      else expect(reward >= 0 && reward <= 1, `${grader.name} gave ${reward}`).toBe(true)
    }
    // As above: a few milliseconds each, and generous.
    expect(processorMs(start), grader.name).toBeLessThan(1000)
  }
  expect(({} as { constructor: unknown }).constructor).toBe(Object)
})

test.each(Object.keys(HOSTILE))('every grader gives 0 for 10 kB of %s, in bounded time', (name) => {
  for (const [grader, gold] of ALL) {
    const start = process.cpuUsage()
    expect(gradeWith(grader, HOSTILE[name] as string, gold, 'eval').reward, grader.name).toBe(0)
    expect(gradeWith(grader, HOSTILE[name] as string, gold, 'reward').reward, grader.name).toBe(0)
    // Linear work takes about a millisecond; anything quadratic takes seconds. Generous, because the machine may be busy.
    expect(processorMs(start), grader.name).toBeLessThan(1000)
  }
})
