/**
 * @file Walks every failure that is defined: each has one code, is in the public union, is documented, and its texts follow from its data alone.
 * docs/errors.md is written by this file: run it with `--update` after a change.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, expectTypeOf, it, test } from 'vitest'
import { formatParts, type ErrorTexts } from '../../src/base/errors.ts'
import { isHoldfastError, type HoldfastFailure } from '../../src/failures.ts'
import { RUNNER_CODES } from '../../src/trainer/trl/errors.ts'
import { FAILURE_SAMPLES } from './failure-samples.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A class that `defineError` made. */
interface Definition {
  readonly code: string
  textsOf(data: unknown): ErrorTexts
}

const DEFINED = /\/\*\* ((?:(?!\*\/)[^])*?) ?\*\/\nexport class (\w+) extends defineError\(\s*'(\w+)'/g

const sources = filesIn('src', '.ts').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const written = sources.flatMap(({ path, text }) =>
  [...text.matchAll(DEFINED)].map(([, meaning = '', name = '', code = '']) => ({
    path,
    name,
    code,
    meaning: meaning.replace(/\s+/g, ' '),
  })),
)
const samples = Object.entries(FAILURE_SAMPLES)
const definitions = new Map<string, Definition>()

beforeAll(async () => {
  for (const { path } of written) {
    const module = (await import(join(root, path))) as Readonly<Record<string, unknown>>
    for (const value of Object.values(module)) if (isDefinition(value)) definitions.set(value.code, value)
  }
})

function filesIn(folder: string, extension: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .toSorted()
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'function' && Object.hasOwn(Object.getPrototypeOf(value) as object, 'textsOf') && 'code' in value
}

function definitionOf(code: string): Definition {
  const found = definitions.get(code)
  if (found === undefined) throw new Error(`nothing defines ${code}`)
  return found
}

describe('HoldfastFailure', () => {
  it('holds every failure that is defined, each in an errors.ts and under a code of its own', () => {
    expect(written.filter(({ path }) => !/(?:^|[/-])errors\.ts$/.test(path))).toEqual([])
    const codes = written.map(({ code }) => code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
    expect(codes.toSorted()).toEqual(samples.map(([code]) => code))
    const listed = readFileSync(join(root, 'src/failures.ts'), 'utf8')
    for (const path of new Set(written.map((one) => one.path))) expect(listed).toContain(`'./${path.slice('src/'.length)}'`)
  })

  it('is all there is: nothing else makes a class of HoldfastError, but for the codes that the runner brings', () => {
    const others = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/class (\w+) extends HoldfastError\b/g)].map(([, name]) => `${path} ${name}`),
    )
    expect(others).toEqual(['src/trainer/trl/errors.ts RunnerFailedError', 'src/trainer/trl/errors.ts TrlOptionsError'])
  })

  it('narrows its data by code', () => {
    const bytesOf = (error: unknown): number | null => {
      if (!isHoldfastError(error)) return null
      if (error.code === 'DISK_SPACE_LOW') return error.data.neededBytes - error.data.freeBytes
      if (error.code === 'MEMORY_TOO_SMALL') return error.data.estimate.totalBytes
      expectTypeOf(error.code).not.toEqualTypeOf<string>()
      return null
    }
    const data = FAILURE_SAMPLES.DISK_SPACE_LOW
    const low = Object.defineProperty({ code: 'DISK_SPACE_LOW', data }, Symbol.for('holdfast.error'), { value: true })
    expect(bytesOf(low)).toBe(280_000_000)
    expect(bytesOf(new Error('x'))).toBeNull()
    expectTypeOf<Extract<HoldfastFailure, { code: 'SERVER_REFUSED' }>['data']['status']>().toEqualTypeOf<number>()
  })

  test.each(samples)('%s has data that JSON holds, from which the same texts follow again', (code, data) => {
    const read: unknown = JSON.parse(JSON.stringify(data))
    expect(read).toEqual(data)
    const { summary, where, fix } = definitionOf(code).textsOf(read)
    expect({ summary, where, fix }).toEqual(definitionOf(code).textsOf(data))
    expect([summary, where, fix].filter((text) => text === '' || /undefined|NaN|\[object/.test(text))).toEqual([])
  })
})

it('RUNNER_CODES are the codes in the Python sources of the runner', () => {
  const python = filesIn('src/python/runner', '.py').map((path) => readFileSync(join(root, path), 'utf8'))
  const ended = python.flatMap((text) => [...text.matchAll(/RunnerError\(\s*"([A-Z_]+)"/g)].map(([, code = '']) => code))
  expect(ended.length).toBeGreaterThan(20)
  expect(ended.filter((code) => !RUNNER_CODES.some((known) => known === code))).toEqual([])
  expect(RUNNER_CODES.filter((code) => !python.some((text) => text.includes(`"${code}"`)))).toEqual([])
})

it('docs/errors.md says of every code what it means, what its data hold and what is printed', async () => {
  const sections = samples.map(([code, data]) => {
    const { meaning = '' } = written.find((one) => one.code === code) ?? {}
    const printed = formatParts({ code, ...definitionOf(code).textsOf(data) })
    return `## ${code}\n\n${meaning}\n\n\`\`\`\n${printed}\n  data   ${JSON.stringify(data)}\n\`\`\`\n`
  })
  await expect([DOCS_HEAD, ...sections].join('\n')).toMatchFileSnapshot(join(root, 'docs/errors.md'))
})

const DOCS_HEAD = `# Failures

Every failure has a code that stays, three texts for people (what happened, where, how to mend it), and data for programs. The texts follow from the
data. Recognise a failure with \`isHoldfastError\`, never by \`instanceof\`: there may be two copies of the package.

\`\`\`ts
import { isHoldfastError } from 'holdfast'

if (isHoldfastError(error))
  switch (error.code) {
    case 'DISK_SPACE_LOW':
      return free(error.data.neededBytes - error.data.freeBytes)
    case 'SERVER_BUSY':
      return later(error.data.busyMs)
  }
\`\`\`

\`JSON.stringify(error)\` gives \`{ code, summary, where, fix, data }\`; \`report.json\` of \`holdfast/vitest\` gives code and data of a failed test as \`failure\`.
Known secrets are in neither. What follows is one example of each, with its data below. Besides these, a training on the trl trainer may end with a code
of its runner: ${RUNNER_CODES.join(', ')}.
`
