import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ChatTemplate } from '../../../src/engine/tokenizer/chat-template.ts'
import { strftimeAtClock, TEMPLATE_DATE } from '../../../src/engine/tokenizer/template-clock.ts'

it('strftimeAtClock() writes the fixed moment in the formats that published templates use', () => {
  expect(strftimeAtClock('%d %b %Y')).toBe(TEMPLATE_DATE)
  expect(strftimeAtClock('%Y-%m-%d')).toBe('2024-07-26')
  expect(strftimeAtClock('%B %-d, %Y')).toBe('July 26, 2024')
  expect(strftimeAtClock('%A, %H:%M %p 100%% %Q')).toBe('Friday, 12:00 PM 100% %Q')
})

it.each([
  '{{ strftime_now("%Y-%m-%d") }}|{% for m in messages %}{{ m.content }}{% endfor %}',
  '\n  {%- macro today() %}{{ strftime_now("%Y-%m-%d") }}{% endmacro %}{{ today() }}|{{ messages[0].content }}',
  '{%- if strftime_now is defined %}{{ strftime_now("%Y-%m-%d") }}{% else %}none{% endif %}|{{ messages[0].content }}',
])('ChatTemplate.render() tells a template the fixed moment, in macros too: %j', (source) => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-clock-'))
  writeFileSync(join(directory, 'chat_template.jinja'), source)
  const rendered = new ChatTemplate(directory, {}).render([{ role: 'user', content: 'Hi' }], { addGenerationPrompt: true })
  expect(rendered).toBe('2024-07-26|Hi')
  rmSync(directory, { recursive: true })
})

it('ChatTemplate.render() leaves the first characters of a template as they are', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-clock-'))
  writeFileSync(join(directory, 'chat_template.jinja'), '\n  x{{ messages[0].content }}')
  const rendered = new ChatTemplate(directory, {}).render([{ role: 'user', content: 'Hi' }], { addGenerationPrompt: true })
  expect(rendered).toBe('\n  xHi')
  rmSync(directory, { recursive: true })
})
