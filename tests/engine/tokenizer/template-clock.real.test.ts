import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { strftimeAtClock, TEMPLATE_CLOCK } from '../../../src/engine/tokenizer/template-clock.ts'

function pythonSays(): string | null {
  const script = `import datetime, json; d = datetime.datetime.fromisoformat('${TEMPLATE_CLOCK.replace('Z', '')}'); print(json.dumps({l: d.strftime('%' + l) for l in 'aAbBcdDefFhHIjmMpSTuwxXyYzZ'}))`
  try {
    return execFileSync('python3', ['-c', script], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  } catch {
    return null
  }
}

const reference = pythonSays()

it.skipIf(reference === null)("strftimeAtClock() gives what Python's strftime gives, directive by directive", () => {
  for (const [letter, text] of Object.entries(JSON.parse(reference ?? '{}') as Record<string, string>))
    expect([letter, strftimeAtClock(`%${letter}`)]).toEqual([letter, text])
})
