import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { ifeval } from '../../../src/grader/ifeval.ts'
import { CHECKS } from '../../../src/grader/ifeval/checks.ts'
import { gradeWith, rewards } from '../grade-with.ts'

// Answers at once from then on.
await ifeval().ready?.()

const EN = 'all of the people in the town are free and they have the right to be here'
const row = (id: string, given: JsonValue = {}): JsonValue => ({ instruction_id_list: [id], kwargs: [given] })

// Instruction, arguments, an answer that follows it, answers that do not.
const CASES: readonly (readonly [id: string, given: JsonValue, right: readonly string[], wrong: readonly string[]])[] = [
  ['keywords:existence', { keywords: ['fox', 'hen (big)'] }, ['The FOX and the hen (big).', 'foxes, hen (big)'], ['The fox.', '']],
  ['keywords:frequency', { keyword: 'a.b', frequency: 2, relation: 'at least' }, ['a.b A.B'], ['a.b axb', 'a.b']],
  ['keywords:frequency', { keyword: 'no', frequency: 2, relation: 'less than' }, ['no', 'yes'], ['no no', 'no n\u2060o']],
  ['keywords:forbidden_words', { forbidden_words: ['rain', 'C++'] }, ['Trains run.'], ['Rain again', 'In c++, say']],
  [
    'keywords:forbidden_words',
    { forbidden_words: ['U.S.'] },
    ['The US', 'us'],
    ['U.S.A.', 'the U.S. is', 'U.S.', '(u.s.)', 'U.\u200bS.', 'in U.S.-made'],
  ],
  [
    'keywords:forbidden_words',
    { forbidden_words: ['well-known', '.NET', 'café', 'vel'] },
    ['well known', 'cafés', 'वेल'],
    ['A Well-Known one', 'ASP.NET', 'cafe\u0301', 've\u00adl', 'v\u2060el'],
  ],
  ['keywords:existence', { keywords: ['well-known', 'résumé'] }, ['WELL-KNOWN re\u0301sume\u0301s'], ['well known résumé']],
  ['keywords:letter_frequency', { letter: 'é', let_frequency: 2, let_relation: 'at least' }, ['E\u0301é'], ['e\u0301e']],
  ['keywords:letter_frequency', { letter: 'E', let_frequency: 3, let_relation: 'at least' }, ['eEe'], ['ee']],
  ['keywords:letter_frequency', { letter: '!', let_frequency: 2, let_relation: 'less than' }, ['!'], ['!!']],
  [
    'language:response_language',
    { language: 'en' },
    [EN],
    ['Alle Menschen sind frei und gleich an Würde und Rechten geboren und sie sind hier'],
  ],
  ['language:response_language', { language: 'hi' }, ['यह एक अच्छा दिन है और हम सब घर में हैं'], [EN, 'சுதந்திரமாகவே']],
  [
    'length_constraints:number_sentences',
    { num_sentences: 3, relation: 'at least' },
    ['One. Two! Three?', 'Dr. No left. He ran. "Why?" I asked. Hm.'],
    ['Mr. Smith paid $3.50. He left.', 'a.b.c.d'],
  ],
  [
    'length_constraints:number_sentences',
    { num_sentences: 2, relation: 'less than' },
    ['It costs 3.5 e.g. in Oslo.', 'By J. R. Ewing.'],
    ['One. Two.'],
  ],
  [
    'length_constraints:number_sentences',
    { num_sentences: 4, relation: 'at least' },
    ['i like tea. it is hot. you should try it. it is good.', '人人生而自由。他们赋有理性。好。好。', 'क ख। ग घ। च। छ।'],
    ['i like tea. it is hot. you should try it', 'ok... fine... well... yes', '! . ? ! . ?'],
  ],
  [
    'length_constraints:number_words',
    { num_words: 3, relation: 'less than' },
    ['हिन्दी भाषा', 'ภาษาไทย ดี', 'நான் வந்தேன்', 'cafe\u0301 ok', '❤️ ok'],
    ['मैं हूँ ना'],
  ],
  [
    'length_constraints:number_paragraphs',
    { num_paragraphs: 2 },
    ['a\n***\nb', '*** a *** b ***'],
    ['a', 'a *** *** b', 'a***b***c', 'a\n\nb'],
  ],
  ['length_constraints:number_words', { num_words: 3, relation: 'at least' }, ['one two three', "don't go"], ['one two']],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 2, first_word: 'Weekend' },
    ['a b\n\n"Weekend," he said', 'x\n\nweekend.'],
    ['weekend', 'a\n\nweekends', 'a\n\nb\n\nweekend', 'a\nweekend'],
  ],
  ['detectable_content:number_placeholders', { num_placeholders: 2 }, ['[a] and [b c]', '[[a]] []'], ['[a\nb] [c]', '[a', 'a]']],
  ['detectable_content:postscript', { postscript_marker: 'P.S.' }, ['Bye.\nP.S. hi', 'p. s. hi'], ['Bye. PS hi', 'P.P.S']],
  ['detectable_content:postscript', { postscript_marker: 'P.P.S' }, ['P.P.S hi', 'p. p. s'], ['P.S. hi']],
  ['detectable_content:postscript', { postscript_marker: 'N.B.' }, ['n.b. this'], ['nxbx this']],
  [
    'detectable_format:number_bullet_lists',
    { num_bullets: 2 },
    ['* a\n* b', 'List:\n  - a\n*b'],
    ['* a', '* a\n* b\n* c', '** a\n** b', 'a * b\nc - d'],
  ],
  [
    'detectable_format:constrained_response',
    {},
    ['My answer is no.', 'Well: My answer is maybe.'],
    ['my answer is no.', 'My answer is unclear.'],
  ],
  ['detectable_format:number_highlighted_sections', { num_highlights: 2 }, ['*a* and **b c**'], ['*a*', '** **', '*a\nb* *c*', '***']],
  [
    'detectable_format:multiple_sections',
    { section_spliter: 'Section', num_sections: 2 },
    ['Section 1\na\nSection 2\nb', 'Section1 Section2'],
    ['Section 1', 'SECTION 1 SECTION 2', 'Section one Section two'],
  ],
  ['detectable_format:json_format', {}, ['{"a":1}', '```json\n[1]\n```', '3'], ['{a:1}', 'Here: {"a":1}', '```json\n{"a":1}\n``` ok']],
  ['detectable_format:title', {}, ['<<Joy>>\ntext', 'a <<b c>> d'], ['<Joy>', '<<>>', '<< >>', '<<a\nb>>', '<<>>>']],
  ['combination:two_responses', {}, ['a\n******\nb', '******a******b'], ['a', 'a******a', 'a******b******c', 'a****** ******b']],
  ['combination:repeat_prompt', { prompt_to_repeat: 'Say it ' }, ['say IT and more', ' Say it'], ['Well: say it', 'Say']],
  ['startend:end_checker', { end_phrase: 'Bye now.' }, ['So: bye now.', '"I said bye now."\n'], ['Bye now. Really', '']],
  ['startend:quotation', {}, ['"a b"', ' "" '], ['"', 'a "b"', '“a”']],
  [
    'change_case:capital_word_frequency',
    { capital_frequency: 2, capital_relation: 'at least' },
    ['I AM here', '(NOW) "YES-NO" OK', "I'M", 'the U.S. and the U.K.', 'AT&T', 'A/B OR'],
    ['I am', 'Now Yes', '1 2 3', "it's U.S.", "DON't", 'A/B'],
  ],
  ['change_case:capital_word_frequency', { capital_frequency: 1, capital_relation: 'less than' }, ['quiet, please'], ['NO']],
  [
    'change_case:english_capital',
    {},
    [EN.toUpperCase()],
    [
      EN,
      `${EN.toUpperCase()} no`,
      `${EN.toUpperCase()} 𝐧𝐨`,
      `${EN.toUpperCase()} ª`,
      'ALLE MENSCHEN SIND FREI UND GLEICH UND SIE HABEN DAS RECHT',
      '123',
    ],
  ],
  [
    'change_case:english_lowercase',
    {},
    [EN],
    [`${EN} I`, `${EN} 𝐍𝐎`, `${EN} ǅ`, 'alle menschen sind frei und gleich und sie haben das recht', '123'],
  ],
  ['punctuation:no_comma', {}, ['a; b'], ['a, b', '']],
]

test.each(CASES)('ifeval() checks %s with %j', (id, given, right, wrong) => {
  for (const text of right) expect(rewards(ifeval(), text, row(id, given)), text).toEqual([1, 1])
  for (const text of wrong) expect(rewards(ifeval(), text, row(id, given)), text).toEqual([0, 0])
})

test('ifeval() knows the 25 instructions of the paper, each with a test', () => {
  const ids = [...new Set(CASES.map(([id]) => id))]
  expect(ids).toHaveLength(25)
  expect(ids.filter((id) => !CHECKS.has(id))).toEqual([])
})

test('ifeval() gives the share that is followed, and each instruction a part', () => {
  const gold = {
    key: 1,
    prompt: 'p',
    instruction_id_list: ['punctuation:no_comma', 'startend:quotation', 'keywords:existence', 'keywords:existence'],
    kwargs: [null, { num_words: null }, { keywords: ['a'] }, { keywords: ['z'], language: null }],
  }
  expect(gradeWith(ifeval(), '"a b"', gold)).toMatchObject({
    reward: 0.75,
    subRewards: { 'punctuation:no_comma': 1, 'startend:quotation': 1, 'keywords:existence': 1, 'keywords:existence#2': 0 },
  })
})

test('ifeval() in loose mode forgives asterisks, a first and a last line, in profile eval only', () => {
  const quoted = row('startend:quotation')
  for (const text of ['Sure!\n"a"', '"a"\nHope it helps', 'Sure!\n"a"\nBye', '**"a"**', 'Sure!\n*"a"*\nBye']) {
    expect(rewards(ifeval(), text, quoted), text).toEqual([0, 0])
    expect(rewards(ifeval({ mode: 'loose' }), text, quoted), text).toEqual([1, 0])
  }
  expect(rewards(ifeval({ mode: 'loose' }), 'Sure!\nAh\n"a"', quoted)).toEqual([0, 0])
  // What is left after cutting must be something: nothing has no comma either.
  expect(rewards(ifeval({ mode: 'loose' }), 'a, b', row('punctuation:no_comma'))).toEqual([0, 0])
})

test('ifeval() gives no grade where it cannot tell the language, in either profile', () => {
  const gold = { instruction_id_list: ['language:response_language', 'punctuation:no_comma'], kwargs: [{ language: 'de' }, {}] }
  expect(gradeWith(ifeval(), 'Ja', gold)).toMatchObject({
    reward: null,
    subRewards: { 'language:response_language': null, 'punctuation:no_comma': 1 },
    errors: [{ code: 'LANGUAGE_UNCERTAIN', message: 'the answer is too short or too mixed to tell its language' }],
  })
  expect(rewards(ifeval(), 'Ja', gold)).toEqual([null, null])
  // Nothing is left to doubt where the case of the letters is wrong already.
  expect(rewards(ifeval(), 'Ja', row('change_case:english_capital'))).toEqual([0, 0])
})

const NUMBER_WORDS = 'length_constraints:number_words'
test.each<readonly [JsonValue, string]>([
  ['x', 'it must be a row with instruction_id_list and as many kwargs'],
  [{ instruction_id_list: ['punctuation:no_comma'], kwargs: [] }, 'it must be a row with instruction_id_list and as many kwargs'],
  [{ instruction_ids: ['punctuation:no_comma'], kwargs: [{}] }, 'it must be a row with instruction_id_list and as many kwargs'],
  [row('keywords:rhyme'), 'it has the unknown instruction "keywords:rhyme"'],
  [row('keyword:existence', { keywords: ['a'] }), 'it has the unknown instruction "keyword:existence"'],
  [row('toString'), 'it has the unknown instruction "toString"'],
  [row(NUMBER_WORDS, { num_words: '3', relation: 'at least' }), 'num_words must be a whole number of at least 1'],
  [row(NUMBER_WORDS, { num_words: 0, relation: 'at least' }), 'num_words must be a whole number of at least 1'],
  [row(NUMBER_WORDS, { relation: 'at least' }), 'num_words must be a whole number of at least 1'],
  [row(NUMBER_WORDS, { num_words: 3, relation: 'about' }), 'relation must be "less than" or "at least"'],
  [row(NUMBER_WORDS, { num_word: 3, relation: 'at least' }), 'it has the unknown argument "num_word" (it takes num_words, relation)'],
  [row('punctuation:no_comma', { commas: 0 }), 'it has the unknown argument "commas" (it takes none)'],
  [row('keywords:existence', { keywords: [] }), 'keywords must be a list of at least one text'],
  [row('keywords:existence', { keywords: 'rain' }), 'keywords must be a list of texts'],
  [row('keywords:forbidden_words', { forbidden_words: ['a', ' '] }), 'forbidden_words must be a text that is not blank'],
  [row('keywords:letter_frequency', { letter: 'ab', let_frequency: 1, let_relation: 'at least' }), 'letter must be one character'],
  [
    row('length_constraints:nth_paragraph_first_word', { num_paragraphs: 1, nth_paragraph: 2, first_word: 'a' }),
    'nth_paragraph must be at most num_paragraphs',
  ],
])('ifeval() says of %j what is wrong with it, when the eval is loaded', (gold, problem) => {
  expect(ifeval().expectedProblem?.(gold)).toContain(problem)
  const grade = gradeWith(ifeval(), 'x', gold, 'reward')
  expect([grade.reward, grade.errors[0]?.code]).toEqual([null, 'GOLD_UNUSABLE'])
})

test('ifeval() refuses a language that it cannot tell, by name, and knows Chinese by its other names', () => {
  expect(ifeval().expectedProblem?.(row('language:response_language', { language: 'english' }))).toMatch(
    /^the kwargs of "language:response_language" do not fit: language must be one of en, es, pt, .*, ml$/,
  )
  for (const language of ['zh', 'zh-cn', 'zh-TW'])
    expect(rewards(ifeval(), '人人生而自由，在尊严和权利上一律平等。', row('language:response_language', { language }))).toEqual([1, 1])
})

test('ifeval() takes rows with the nulls of the IFEval dataset, and rows of Tülu', () => {
  const given = { num_words: 1, relation: 'at least', language: null, keywords: null }
  expect(ifeval().expectedProblem?.(row(NUMBER_WORDS, given))).toBe(null)
  expect(ifeval().expectedProblem?.([{ instruction_id: ['punctuation:no_comma'], kwargs: [null] }])).toBe(null)
  expect(rewards(ifeval(), 'a, b', [{ instruction_id: ['punctuation:no_comma', 'count:numbers'], kwargs: [null, { N: 1 }] }])).toEqual([
    0, 0,
  ])
  expect(ifeval().expectedProblem?.([{ instruction_ids: ['punctuation:no_comma'], kwargs: [null] }])).toMatch('it must be a row')
  expect(ifeval().expectedProblem?.([{ instruction_id: ['count:number'], kwargs: [null] }])).toMatch('unknown instruction')
  expect(ifeval().expectedProblem?.({ key: 1, prompt: 'p', instruction_id_list: ['punctuation:no_comma'], kwargs: [null] })).toBe(null)
})
