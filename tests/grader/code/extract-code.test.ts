import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extractCode } from '../../../src/grader/code/extract-code.ts'

test.each([
  ['x = 1', true, { code: 'x = 1', rule: 'whole' }],
  ['```py\nx = 1\n```\n', false, { code: 'x = 1', rule: 'code-fence' }],
  ['~~~\nx\n~~~', false, { code: 'x', rule: 'code-fence' }],
  ['So:\n```\nx\n```', false, null],
  ['So:\n```\nx\n```', true, { code: 'x', rule: 'code-fence' }],
  ['```\na\n```\nthen\n```\nb\n```', true, { code: 'b', rule: 'last-code-fence' }],
  ['```\na\n```\n```\nb\n```', false, null],
  ['```js\nx = `a`\ny', true, { code: 'x = `a`\ny', rule: 'code-fence' }],
])('extractCode() of %j (lenient %j) is %j', (text, lenient, wanted) => {
  expect(extractCode(text, lenient)).toEqual(wanted)
})

test('extractCode() gives back any code without fences that it was given in a fence', () => {
  fc.assert(
    fc.property(
      fc.string().filter((code) => !code.includes('`') && !code.includes('~')),
      (code) => {
        expect(extractCode(`\`\`\`\n${code}\n\`\`\``, false)?.code).toBe(code)
      },
    ),
  )
})
