import { expect, test } from 'vitest'
import { BoundedTemplate, TemplateLimit } from '../../../src/engine/tokenizer/bounded-template.ts'

const outcome = (source: string, variables: Record<string, unknown> = {}): string => {
  try {
    return new BoundedTemplate(source).render(variables)
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}
const doubling = (first: string, next: string): string =>
  `{% set ns = namespace(x=${first}) %}{% for i in range(99) %}{% set ns.x = ${next} %}{% endfor %}`

test.each([
  ['loops in loops', '{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}', 'more steps'],
  ['a range of a thousand million', '{{ range(1000000000) | length }}', 'range() of 1000000000 numbers'],
  ['text that doubles', doubling("'ab'", 'ns.x ~ ns.x'), 'a text of more than 4000000 characters'],
  ['text that doubles by +', doubling("'ab'", 'ns.x + ns.x'), 'a text of more than 4000000 characters'],
  ['lists that double', doubling('[1]', 'ns.x + ns.x'), 'more steps'],
  ['lists of the same list', `${doubling('[1]', '[ns.x, ns.x]')}{{ ns.x | tojson }}`, 'a value of more than 500000 parts'],
  ['mappings of the same mapping', `${doubling('{}', "{'a': ns.x, 'b': ns.x}")}{{ ns.x | tojson }}`, 'a value of more than 500000 parts'],
  [
    'namespaces of the same namespace',
    `${doubling('1', 'namespace(a=ns.x, b=ns.x)')}{{ ns.x | tojson }}`,
    'a value of more than 500000 parts',
  ],
  ['brackets in brackets', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, 'Maximum call stack size exceeded'],
  ['a source of a million characters', ' '.repeat(1_000_001), 'it has 1000001 characters'],
  ['text replaced by longer text', doubling("'ab'", "ns.x.replace('a', 'aaaaaaaaaaaa')"), 'a text of more than'],
])('BoundedTemplate stops %s', (_, source, problem) => {
  const begin = performance.now()
  expect(outcome(source)).toContain(problem)
  expect(performance.now() - begin).toBeLessThan(20_000)
})

test('BoundedTemplate lets the input be as long as it likes', () => {
  const messages = Array.from({ length: 3000 }, (_, index) => ({ role: 'user', content: `${index} `.repeat(500) }))
  const text = outcome("{% for m in messages %}{{ '[' ~ (m | tojson) ~ ']' }}{{ m.content }}{% endfor %}", { messages })
  expect(text).toHaveLength(messages.reduce((sum, { content }) => sum + 2 * content.length + '[{"role": "user", "content": ""}]'.length, 0))
  expect(outcome('{{ x | length }}', { x: 'a'.repeat(20_000_000) })).toBe('20000000')
})

test('BoundedTemplate.render() gives errors of the template as they are', () => {
  expect(outcome("{{ raise_exception('no system message') }}")).toBe('TypeError: no system message')
  expect(new TemplateLimit('x')).toBeInstanceOf(RangeError)
})
