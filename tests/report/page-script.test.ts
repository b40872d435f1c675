import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { InternalError } from '../../src/base/errors.ts'
import { pageScript } from '../../src/report/page-script.ts'
import { temporaryFolder } from './temporary-run.ts'

function modules(texts: Readonly<Record<string, string>>): (name: string) => URL {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
  return (name) => pathToFileURL(join(folder, name))
}

test('pageScript() joins modules once each, after what they import, and leaves their names inside', () => {
  const url = modules({
    'one.js': `import { three } from './three.js'\nimport { two } from './two.js'\nsaid.push(two + three)\n`,
    'two.js': `import { three } from './three.js'\nexport const two = three * 2\n`,
    'three.js': `export const three = said.push('three') * 3\n`,
    'last.js': `import { two } from './two.js'\r\nsaid.push(two)\r\n`,
  })
  const context = { said: [] }
  runInNewContext(pageScript([url('one.js'), url('last.js')]), context)
  expect(context).toEqual({ said: ['three', 9, 6] })
})

test('pageScript() gives a module the steering characters as a constant, and refuses names that it does not know', () => {
  const url = modules({
    'known.js': `import { STEERING } from '../base/steering-characters.ts'\nsaid.push('a\\u202eb'.replace(STEERING, '?'))\n`,
    'unknown.js': `import { hashJson } from '../base/hash.ts'\n`,
  })
  const context = { said: [] }
  runInNewContext(pageScript([url('known.js')]), context)
  expect(context.said).toEqual(['a?b'])
  expect(() => pageScript([url('unknown.js')])).toThrow(InternalError)
})
