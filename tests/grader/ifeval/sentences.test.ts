import { expect, test } from 'vitest'
import { sentencesOf } from '../../../src/grader/ifeval/sentences.ts'

test.each<readonly [string, readonly string[]]>([
  ['i like tea. it is hot. is it good? yes.', ['i like tea.', 'it is hot.', 'is it good?', 'yes.']],
  ['One.  Two!\nThree', ['One.', 'Two!', 'Three']],
  ['He said "stop." Then he left. (He did.) So', ['He said "stop."', 'Then he left.', '(He did.)', 'So']],
  ['"Why?" she asked.', ['"Why?"', 'she asked.']],
  ['Wow!!! Really?! No.', ['Wow!!!', 'Really?!', 'No.']],
  ['Wait... what? Well... Bob left.', ['Wait... what?', 'Well... Bob left.']],
  ['Dr. Smith and Mrs. Jones met J. R. Ewing.', ['Dr. Smith and Mrs. Jones met J. R. Ewing.']],
  ['At 5 p.m. on Monday, e.g. in Oslo, etc. and so on.', ['At 5 p.m. on Monday, e.g. in Oslo, etc. and so on.']],
  ['We live in the U.S. The rent is high.', ['We live in the U.S.', 'The rent is high.']],
  ['See Fig. 3 and no. 5. There is no. None.', ['See Fig. 3 and no. 5.', 'There is no.', 'None.']],
  ['Version 2.0 of example.com is $3.50.', ['Version 2.0 of example.com is $3.50.']],
  ['1. First item.\n2. Second item.', ['1.', 'First item.', '2.', 'Second item.']],
  ['**Bold.** *Next.*', ['**Bold.**', '*Next.*']],
  ["IT IS AT&T'S. (THIS IS SO.) OK.", ["IT IS AT&T'S.", '(THIS IS SO.)', 'OK.']],
  ['人人生而自由。他们赋有理性！', ['人人生而自由。', '他们赋有理性！']],
  ['यह अच्छा है। वह नहीं।', ['यह अच्छा है।', 'वह नहीं।']],
  ['هل هذا كل شيء؟ نعم.', ['هل هذا كل شيء؟', 'نعم.']],
  ['no end', ['no end']],
  [' ... ! 🎉 ', []],
])('sentencesOf() splits %j', (text, sentences) => {
  expect(sentencesOf(text)).toEqual(sentences)
})
