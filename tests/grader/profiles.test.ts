import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import type { Grader } from '../../src/eval/grader.ts'
import { contains } from '../../src/grader/contains.ts'
import { date } from '../../src/grader/date.ts'
import { editDistance } from '../../src/grader/edit-distance.ts'
import { exactMatch } from '../../src/grader/exact-match.ts'
import { ifeval } from '../../src/grader/ifeval.ts'
import { isoDate } from '../../src/grader/iso-date.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import { jsonSchema } from '../../src/grader/json-schema.ts'
import { label } from '../../src/grader/label.ts'
import { list } from '../../src/grader/list.ts'
import { number } from '../../src/grader/number.ts'
import { oneOf } from '../../src/grader/one-of.ts'
import { regex } from '../../src/grader/regex.ts'
import { set } from '../../src/grader/set.ts'
import { toolCall } from '../../src/grader/tool-call.ts'
import { gradeWith } from './grade-with.ts'

// Answers at once from then on.
await ifeval().ready?.()

const CALL = { name: 'book', arguments: { city: 'Oslo', nights: 2 } }
const ALL: readonly (readonly [grader: Grader, gold: JsonValue, pieces: readonly string[]])[] = [
  [exactMatch({ ignoreCase: true }), 'Yes', ['Yes', 'yes', 'No']],
  [label({ labels: ['urgent', 'not urgent', 'routine'] }), 'urgent', ['urgent', 'not urgent', 'routine', 'Urgent']],
  [contains({ exclusive: ['routine', 'not urgent'] }), 'urgent', ['urgent', 'not urgent', 'routine']],
  [contains({ ignoreCase: true, match: 'any' }), ['a b', 'C++'], ['a', 'b', 'A B', 'c++']],
  [regex({ pattern: '(a|ab)(c|bcd)*', group: 1 }), 'ab', ['a', 'b', 'c', 'd', 'ab', 'bcd']],
  [regex({ pattern: 'a+b?' }), null, ['a', 'b', 'c']],
  [oneOf(), ['Paris', 'e.g.'], ['Paris', 'paris', 'e.g.', 'e.g']],
  [number({ tolerance: 0.5 }), 12, ['12', '12.4', '13', 'mg']],
  [number({ unit: 'mg', significantDigits: 2 }), 500, ['500', 'mg', '0.5', 'g', '504']],
  [isoDate(), '2026-11-03', ['2026-11-03', '2026-11-04']],
  [date(), '2026-11-03', ['2026-11-03', '3.11.2026', 'Nov 3, 2026', '14:30', '2026-11-04']],
  [list(), ['salt and pepper', 'a: b', 'fig'], ['salt and pepper', 'a: b', 'fig', 'and']],
  [set({ credit: 'all' }), ['apple', 'fig'], ['apple', 'fig', 'and', 'plum']],
  [jsonSchema({ schema: { required: ['a'] } }), null, ['{"a":1}', '{', '}', '1']],
  [
    jsonMatch({ fields: { a: 'text', '/b/c': 'set' } }),
    { a: 'x', b: { c: [1, 2] } },
    ['{"a":"x"', '"b":{"c":[2,1,3]}', '}', '{"a":"X","b":{"c":[1]}}'],
  ],
  [editDistance({ ignoreCase: true }), 'a  big Fox', ['a', 'big', 'fox', 'Fox', 'x  big Fox']],
  [toolCall(), [CALL, { name: 'pay' }], [JSON.stringify(CALL), '<tool_call>', '</tool_call>', '{"name":"pay"}', '[', ']']],
  [ifeval({ mode: 'loose' }), { instruction_id_list: ['punctuation:no_comma', 'startend:quotation'], kwargs: [{}, {}] }, ['"', 'a', '*']],
]

test.each(ALL)('a grader never gives more in profile "reward" than in profile "eval"', (grader, gold, pieces) => {
  const between = fc.constantFrom('', ' ', ', ', '\n', '. ', ' and ', ': ', '- ', '"', '**')
  const answer = fc.array(fc.tuple(fc.constantFrom(...pieces), between), { maxLength: 5 }).map((parts) => parts.flat().join(''))
  fc.assert(
    fc.property(answer, (text) => {
      const [lenient, strict] = [gradeWith(grader, text, gold, 'eval').reward, gradeWith(grader, text, gold, 'reward').reward]
      expect(strict ?? 0).toBeLessThanOrEqual((lenient ?? 0) + 1e-12)
    }),
    { numRuns: 300 },
  )
})

test.each(ALL.filter(([grader]) => grader.kind !== 'ifeval'))('a grader gives an empty answer nothing', (grader, gold) => {
  for (const text of ['', ' \n', '\u200b']) expect(gradeWith(grader, text, gold, 'reward').reward, text).toBe(0)
})
