import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { ifeval } from '../../../src/grader/ifeval.ts'
import { CHECKS, UNCHECKED } from '../../../src/grader/ifeval/checks.ts'
import { gradeWith, rewards } from '../grade-with.ts'

// Answers at once from then on.
await ifeval().ready?.()

const row = (id: string, given: JsonValue = {}): JsonValue => ({ instruction_id_list: [id], kwargs: [given] })
const KEYWORDS = { keyword1: 'ash', keyword2: 'bee', keyword3: 'cow', keyword4: 'dog', keyword5: 'elk' }
const SEVEN = (word: string): string => Array.from({ length: 7 }, () => word).join(' ')
const CAPITALS =
  'Reykjavik, Helsinki, Oslo, Tallinn, Stockholm, Riga, Moscow, Copenhagen, Vilnius, Minsk, Dublin, Berlin, Amsterdam, Warsaw, London, Brussels, Prague, Luxembourg, Paris, Vienna, Bratislava, Budapest, Vaduz, Chișinău, Bern, Ljubljana, Zagreb'
const ALPHABET = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `${letter.toUpperCase()}x is it.`).join(' ')

// Instruction, arguments, answers that follow it, answers that do not.
const CASES: readonly (readonly [id: string, given: JsonValue, right: readonly string[], wrong: readonly string[]])[] = [
  ['count:word_count_range', { min_words: 2, max_words: 3 }, ['a b', 'a b c.'], ['a', 'a b c d']],
  ['count:unique_word_count', { N: 2 }, ['The dog, the'], ['The the, (THE)', 'the !']],
  ['count:conjunctions', { small_n: 2 }, ['This and that, but no'], ['and And and,', 'band for']],
  ['count:person_names', { N: 2 }, ['Emma met Leo.'], ['Emma, Emma', 'emma leo', 'Emmas Leon']],
  ['count:numbers', { N: 2 }, ['3.5 and 1,000'], ['3', '1 2 3']],
  ['count:pronouns', { N: 3 }, ['She/her gave it.'], ['She gave it.', 'shell item']],
  ['count:punctuation', {}, ['What?! a, b; c: d. e! f?'], ['What?! a, b; c: d. e!', 'a, b; c: d. e! f?']],
  ['count:words_japanese', { N: 2 }, ['a ねこ b 犬', 'a 5 b 猫'], ['a b', 'a ねこ b c']],
  [
    'count:keywords_multiple',
    KEYWORDS,
    [`ash bee bee cow cow cow ${'dog '.repeat(5)}${SEVEN('elk')}`],
    [`ash bee cow cow cow ${'dog '.repeat(5)}${SEVEN('elk')}`, `ash ash bee bee cow cow cow ${'dog '.repeat(5)}${SEVEN('elk')}`],
  ],
  ['ratio:stop_words', { percentage: 50 }, ['The dog barks', 'the dog'], ['the dog is', "don't bark"]],
  ['ratio:sentence_type', {}, ['One. Two. Three?'], ['One. Two?', 'One. Two. Three.', 'no mark']],
  ['ratio:sentence_balance', {}, ['One. Two? Three!'], ['One. Two?', 'no mark', 'One. Two? Three! Four!']],
  ['ratio:sentence_words', {}, ['Abc. Def! Ghi?'], ['Abc. Def! Ghij?', 'Abc. Def!']],
  ['words:alphabet', {}, ['Yes, Zen and bold', 'a b c'], ['a c', '1 2', 'a b b']],
  ['words:vowel', {}, ['a big dot', 'aei'], ['a big dot let', 'a\nb', '!?']],
  ['words:consonants', {}, ['Strong arms help'], ['a strong arm', 'go']],
  [
    'words:palindrome',
    {},
    ['Level radar, civic kayak! madam refer rotor stats tenet solos'],
    ['level radar civic kayak madam refer rotor stats tenet noon', 'level '.repeat(10), '11111 '.repeat(10)],
  ],
  ['words:prime_lengths', {}, ['It is odd, three'], ['It was four', 'a']],
  ['words:repeats', { small_n: 2 }, ['go go stop'], ['go Go, go.']],
  ['words:last_first', {}, ['We saw it. It was big. Big one.'], ['We saw it. Then it left.']],
  ['words:paragraph_last_first', {}, ['Day by day.\n\nNight or night!'], ['Day by day.\nNight or day.']],
  ['words:no_consecutive', {}, ['a big cat'], ['a big, Bold cat']],
  ['words:keywords_specific_position', { keyword: 'Fox', n: 2, m: 3 }, ['Hi. See (the) fox.'], ['Hi. See fox.', 'See the fox.']],
  ['words:words_position', { keyword: 'fox' }, ['A fox saw the Fox run.', 'the fox ran'], ['A fox saw it.', 'a fox']],
  ['sentence:alliteration_increment', {}, ['One cat. Big bad cat. Tall tan tiny cat.'], ['Big bad cat. One cat.', 'One cat. Two dogs.']],
  ['sentence:keyword', { word: 'fox', N: 2 }, ['Hi. A Fox!'], ['A fox. Hi.', 'Hi. Foxes.', 'Fox']],
  ['sentence:increment', { small_n: 2 }, ['One. One two three. A b c d e.'], ['One. One two.', 'One. One two three. A b c.']],
  ['format:parentheses', {}, ['([{([x])}])', 'a ((((([]))))) b'], ['((((x))))', '(((((x', '([{(x]']],
  ['format:quotes', {}, [`"a 'b "c" d' e"`, `He said "I 'do "not" know' it"`], [`"a 'b' c"`, `"a" 'b' "c"`]],
  ['format:options', { options: 'yes/no/maybe' }, ['Yes', ' "no."'], ['yes no', 'perhaps', 'yes/no/maybe']],
  ['format:options', { options: "I know or I don't know" }, ["i don't know."], ['I know or', 'know']],
  ['format:options', { options: 'a), b), c), d)' }, ['a)'], ['a', 'A)', 'e)']],
  ['format:newline', {}, ['one\ntwo,\n\nthree'], ['one two', 'one\ntwo three']],
  ['format:emoji', {}, ['Hi there 😀. Bye 👍🏽!', 'Hi! 🎉 Bye. ❤️'], ['Hi. Bye 😀.', 'Hi 😀. Bye.']],
  ['format:line_indent', {}, ['a\n b\n\n   c'], ['a\nb', 'a\n  b\n c']],
  ['format:quote_unquote', {}, ['He said "go" and left.'], ['"a" "b" c', 'He said "go".']],
  ['format:list', { sep: '...' }, ['... a\n... b'], ['... a', '.. a\n.. b']],
  ['format:thesis', {}, ['<i>So.</i> Then', '<em>So</em> it is'], ['<i>So.</i>', '<i> </i> Then', 'So. Then', '</i> a <i>b']],
  ['format:sub-bullets', {}, ['* a\n  - b\n* c\n  - d'], ['* a\n* c\n  - d', 'no bullets']],
  [
    'format:no_bullets_bullets',
    {},
    ['One. Two.\n\n* a\n* b\n', 'One.\nTwo.\n* a\n* b'],
    ['One.\n* a\n* b', 'One. Two.\n* a', 'One. Two.\n* a\nThen\n* b', 'One. Two.'],
  ],
  ['format:title_case', {}, ["The Big Dog Doesn't Bark", 'My iPhone 5'], ['The big Dog', 'A Dog a Day', 'tHE Dog']],
  ['format:output_template', {}, ['My Answer: a My Conclusion: b Future Outlook: c'], ['My Answer: a My Conclusion: b', 'my answer: a']],
  ['format:no_whitespace', {}, ['one,two'], ['one two', 'one\ntwo', 'one\u00a0two']],
  ['repeat:repeat_change', { prompt_to_repeat: 'Write a poem.' }, ['Say a poem.'], ['Write a poem.', 'Say a poem', 'Say one poem.']],
  ['repeat:repeat_simple', {}, ['Only output this sentence here, ignore all other requests.'], ['Only output this sentence here.']],
  ['repeat:repeat_span', { prompt_to_repeat: 'abcdef', n_start: 1, n_end: 3 }, ['bcd', ' BCD '], ['bc', 'bcde', 'x bcd']],
  ['custom:multiples', {}, ['14, 21, 28, 35, 42, 49', '14\n21\n28\n35\n42\n49'], ['14, 21, 28, 35, 42', '7, 14, 21, 28, 35, 42, 49']],
  ['custom:sentence_alphabet', {}, [ALPHABET], [ALPHABET.replace('Bx', 'Cx'), ALPHABET.slice(0, -9)]],
  ['custom:european_capitals_sort', {}, [CAPITALS], [CAPITALS.replace('Oslo, ', ''), CAPITALS.replace('Oslo, Tallinn', 'Tallinn, Oslo')]],
  [
    'custom:date_format_list',
    {},
    ['1796-04-12, 1815-06-18'],
    ['1796-4-12', '1815-06-31', '1815-02-29', '1915-06-18', 'On 1815-06-18', '1815-13-01'],
  ],
  ['copy:copy', { prompt_to_repeat: 'Say it.' }, ['say it.'], ['Say it. Now', 'Say it']],
  ['copy:copying_simple', { prompt_to_repeat: 'Say it.' }, [' Say it.\n'], ['Say it!']],
  [
    'copy:copying_multiple',
    { prompt_to_repeat: 'Say it.', N: 2 },
    ['Say it.\n******\nsay it.'],
    ['Say it.', 'Say it. Say it.', 'Say it.******Say'],
  ],
  [
    'copy:repeat_phrase',
    { phrase: 'I like big dogs', small_n: 2 },
    ['I like small dogs and I love big dogs'],
    [
      'I like small dogs',
      'I like big dogs and I love big dogs',
      'I love small dogs and I love big dogs',
      'I like small dogs I like big brown dogs',
    ],
  ],
  ['new:copy_span_idx', { prompt_to_repeat: 'abcdef', n_start: 1, n_end: 3 }, ['bcd'], ['abcd', 'bc']],
  ['keywords:word_once', { keyword: 'tea' }, ['Tea is hot'], ['tea and tea', 'hot']],
  ['keywords:word_count_different_numbers', { keyword: 'tea', frequency: 2, relation: 'at least' }, ['tea tea'], ['tea']],
  ['keywords:exclude_word_harder', { keyword: 'tea' }, ['teams'], ['a tea b', 'Tea, please', 'te\u00ada']],
  ['keywords:no_adjacent_consecutive', {}, ['a cat', 'b a'], ['a big cat', 'Apple banana']],
  ['keywords:palindrome', {}, ['At Noon!'], ['a big I', 'no']],
  ['keywords:keyword_specific_position', { keyword: 'fox', n: 1, m: 2 }, ['A fox.'], ['Fox.', 'Hi. A fox.']],
  ['keywords:start_end', {}, ['Go and go'], ['Go and go.', 'go', 'Go and went']],
  ['detectable_format:square_brackets', {}, ['[one] [two]'], ['[one] two', '[one two]']],
  ['detectable_format:bigram_wrapping', {}, ['<<I am>> <<at home>>', '<<I am>> here'], ['I am', '<<I am at home>>', 'here']],
  ['paragraphs:paragraphs', {}, ['a\n***\nb'], ['a', 'a *** b *** c', 'a *** *** b']],
  ['paragraphs:paragraphs2', {}, ['a\n\nb\n'], ['a\nb', 'a\n\nb\n\nc', 'a\n\n\n\nb']],
  ['first_word:first_word_sent', { first_word: 'Go' }, ['Go on. Go, now!'], ['Go on. Stop.', 'Gone.']],
  ['first_word:first_word_answer', { first_word: 'Go' }, ['go, now. Stop.', '"Go!"'], ['Gone', 'now go']],
  ['last_word:last_word_sent', { last_word: 'now' }, ['Go now. Stop now!'], ['Go now. Stop.', 'Go nowhere.']],
  ['last_word:last_word_answer', { last_word: 'now' }, ['Go. Stop now!'], ['Now go', 'unknow']],
  ['punctuation:punctuation_dot', {}, ['Go!'], ['Go.', '3.5']],
  ['punctuation:punctuation_exclamation', {}, ['Go.'], ['Go!']],
  ['count:lowercase_counting', { N: 2 }, ['A big dog', 'BIG'], ['a big dog']],
  ['count:count_unique', {}, ['One, two, three.'], ['One, two, one', 'The the']],
  ['count:count_increment_word', { keyword1: 'ash', keyword2: 'bee' }, ['Ash bee bee'], ['ash bee', 'ash ash bee bee', 'ash bee bee bee']],
  ['letters:letter_counting', { N: 3, relation: 'at least' }, ['ab c1'], ['ab 123']],
  ['letters:letter_counting', { N: 3, relation: 'less than' }, ['ab 123'], ['äöü']],
  ['letters:letter_counting2', { letter: 'a', let_frequency: 2, let_relation: 'at least' }, ['aA'], ['a']],
]

test.each(CASES)('ifeval() checks %s with %j', (id, given, right, wrong) => {
  for (const text of right) expect(rewards(ifeval(), text, row(id, given)), text).toEqual([1, 1])
  for (const text of [...wrong, '', '...', '* !']) expect(rewards(ifeval(), text, row(id, given)), text).toEqual([0, 0])
})

test('ifeval() has a test for each of the 48 instructions of IFBench and the 27 of IFTrain that it checks', () => {
  const google =
    /^(?:keywords:(?:existence|frequency|forbidden_words|letter_frequency)|language:|length_constraints:|detectable_content:|combination:|startend:|change_case:|punctuation:no_comma|detectable_format:(?!square|bigram))/
  const further = [...CHECKS.keys()].filter((id) => !google.test(id))
  expect([...new Set(CASES.map(([id]) => id))].sort()).toEqual(further.sort())
  expect([CHECKS.size, UNCHECKED.size]).toEqual([25 + further.length, 12])
})

test('ifeval() refuses by name what it cannot check', () => {
  expect(ifeval().expectedProblem?.(row('words:start_verb'))).toBe(
    'it has the instruction words:start_verb, which is not checked: it needs a tagger of parts of speech',
  )
  for (const id of UNCHECKED.keys()) expect(gradeWith(ifeval(), 'a', row(id)).errors[0]?.code).toBe('GOLD_UNUSABLE')
})

test.each<readonly [string, JsonValue, string]>([
  ['count:word_count_range', { min_words: 5, max_words: 3 }, 'min_words must be at most max_words'],
  ['count:conjunctions', { small_n: 8 }, 'small_n must be at most 7'],
  ['count:person_names', { N: 51 }, 'N must be at most 50'],
  ['count:person_names', { n: 5 }, 'it has the unknown argument "n" (it takes N)'],
  ['ratio:stop_words', { percentage: 101 }, 'percentage must be a number from 0 to 100'],
  [
    'repeat:repeat_span',
    { prompt_to_repeat: 'ab', n_start: 2, n_end: 5 },
    'n_start and n_end must be indices of characters of prompt_to_repeat',
  ],
  ['copy:repeat_phrase', { phrase: 'two words', small_n: 2 }, 'phrase must be at least three words'],
  ['format:emoji', { N: 1 }, 'it has the unknown argument "N" (it takes none)'],
])('ifeval() says of %s with %j what is wrong', (id, given, problem) => {
  expect(ifeval().expectedProblem?.(row(id, given))).toContain(problem)
})

test('ifeval() takes time linear in the text', () => {
  const ids = CASES.map(([id]) => id)
  const gold = { instruction_id_list: ids.slice(0, 50), kwargs: CASES.slice(0, 50).map(([, given]) => given) }
  const rest = { instruction_id_list: ids.slice(50), kwargs: CASES.slice(50).map(([, given]) => given) }
  for (const piece of ['.', '!', "'", '"', 'a.', '* ', '👍🏽', '🏽', 'I like ', ' ', 'a\n', '(', '<i>', "x'", '-', '\u00ad'])
    for (const expected of [gold, rest]) {
      const start = performance.now()
      expect(gradeWith(ifeval(), `${piece.repeat(50_000 / piece.length)}x`, expected, 'reward').errors).toEqual([])
      expect(performance.now() - start, piece).toBeLessThan(3000)
    }
})
