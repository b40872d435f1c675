import { expect, test } from 'vitest'
import { isDenied, lastAffirmed, onlyAffirmed } from '../../../src/grader/text/denial.ts'

/** The span of the last place where "14" or the given word stands. */
function denied(text: string, word: string): boolean {
  const start = text.lastIndexOf(word)
  return isDenied(text, { start, end: start + word.length })
}

test.each([
  'not 14',
  'It is not 14.',
  "It isn't 14",
  'It isn’t **14**',
  'It isnt 14',
  'The answer is not: 14',
  'The answer is not\n14',
  'This is not the answer: 14',
  'It cannot be 14.',
  "It can't be 14.",
  'It was never 14.',
  'It is no longer 14.',
  'I would say 15 rather than 14',
  'Use another number instead of 14.',
  'Any number other than 14.',
  'anything but 14',
  'neither 13 nor 14',
  'It is far from 14.',
  'The result does not equal 14.',
  'I do not think the answer is 14.',
  "I don't believe that it is 14",
  'It is not true that the answer is 14.',
  'It is not the case that it is 14',
  'I doubt that it is 14.',
  'It is wrong to say 14.',
  'The wrong answer is 14.',
  'There is no way it is 14',
  'x ≠ 14',
  'x != 14',
  'It is not approx. 14',
  'It is not... 14',
  'It would be a mistake, and not at all 14',
  'Every number except 14.',
  'We can rule out 14.',
  '14 is wrong.',
  '14 is not the answer.',
  "14 isn't right",
  "14 isn't",
  '14 cannot be right.',
  '14 does not apply.',
  '14 (wrong)',
  '14? No.',
  '14? No',
  '14? Not at all.',
  '14 - no',
  '14. Wrong.',
  '14. No, wait.',
  '14. Wait, no.',
  '14. Scratch that.',
  '14. Hmm, actually, that is wrong.',
  "14. No, that's not right.",
  '14\n\nI was wrong.',
  '14 it is not.',
  '14, never mind',
  'There is nothing like 14 here',
  'Nobody would say 14',
  'It would be a mistake to answer 14',
  'Ignore 14',
  'It used to be 14',
  "14? I don't think so.",
  '14. I doubt it.',
  '~~14',
  '❌ 14',
  '14 ❌',
  '14: false',
  'It was 14, but no longer.',
  '14, not any more',
  'It cannot be: 14',
  'It cannot be that it is 14',
])('isDenied() sees that %j does not stand by 14', (text) => {
  expect(denied(text, '14')).toBe(true)
})

test.each([
  '14',
  'The answer is 14.',
  'It is not 15. It is 14.',
  "It isn't 15, it is 14",
  'not 15 but 14',
  'The number of students who do not play is 14.',
  '20 - 6 = 14 students do not like tea.',
  'Students that never came: 20 - 6 = 14',
  'There is no doubt that it is 14.',
  'Without any doubt, 14',
  'It is not only 14, it is exactly 14.',
  'No, it is 14.',
  'No. 14',
  'No fever was found, so 14',
  'The patient does not have fever\nAnswer: 14',
  'The patient does not have fever, answer: 14',
  'Do not forget: 14',
  'I was not sure at first, but it is 14',
  'None other than 14',
  'Nothing but 14',
  "Since he can't breathe, this is 14.",
  'He cannot breathe: 14',
  '14, because he does not respond',
  '14 and should not wait',
  'Ignoring friction, it is 14',
  '14, not 15',
  '14. Let me know if that is not right.',
  '14. No further action is needed.',
  '14 is not divisible by 3',
  'There are 14 incorrect answers.',
  '14. It is not right to wait.',
])('isDenied() sees that %j stands by 14', (text) => {
  expect(denied(text, '14')).toBe(false)
})

const numbers = (text: string) =>
  [...text.matchAll(/\d+/g)].map((match) => ({ start: match.index, end: match.index + match[0].length, says: match[0] }))

test('lastAffirmed() passes over what the mention before is only contrasted with', () => {
  const last = (text: string): string | undefined => lastAffirmed(text, numbers(text))?.says
  expect(['15, not 14', '15 (not 14)', '15 rather than 14', '14? No, 15', '14. Scratch that: 15'].map(last)).toEqual([
    '15',
    '15',
    '15',
    '15',
    '15',
  ])
  expect(['not 14', '15 people, so not 14', '14? No.'].map(last)).toEqual([undefined, undefined, undefined])
})

test('onlyAffirmed() wants one thing, said without being denied anywhere', () => {
  const only = (text: string): string | null => onlyAffirmed(text, numbers(text))
  expect(['14 and 14', '14, not 15', 'It is 14.'].map(only)).toEqual(['14', '14', '14'])
  expect(['', '14 or 15', '14. No, not 14', 'not 14'].map(only)).toEqual([null, null, null, null])
})

test('isDenied() looks at a bounded part of a hostile text', () => {
  const start = performance.now()
  for (const piece of ['not ', 'no, ', 'it is not ', '```', '"\'*_', 'but ', ', the a a a a a a', 'wait, ', '= ', 'that is '])
    for (let at = 0; at < 20_000; at += 200) isDenied(piece.repeat(20_000 / piece.length), { start: at, end: at + 1 })
  // Each look takes well under a millisecond; generous for a busy machine.
  expect(performance.now() - start).toBeLessThan(5000)
})
