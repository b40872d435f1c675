/**
 * @file One word per idea: names that were given up for a better one do not come back into src/. Prose may use the words.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url))

/** Names that were given up, and what is said now. */
const GIVEN_UP: readonly (readonly [name: RegExp, instead: string])[] = [
  [/^places?$|^places?(?=[A-Z])|Places?(?![a-z])|^(?:\w+_)?PLACES?(?:_\w+)?$/, 'index, directory, slot, part, where or address'],
  [/^CompletionToGrade$/, 'RewardRequest'],
  [/^CaseRewards$/, 'RewardFunction'],
  [/^is(?:Sampled|Rewarded)$/, 'drawsSamples'],
]

/** Files that write a given-up name on purpose. */
const ALLOWED: ReadonlyMap<string, string> = new Map([
  ['report/sections/heat-map/data.ts', 'report.json says `place` of a cell, and scripts of users read it'],
  ['report/sections/heat-map/view.ts', 'reads that member'],
])

/** Identifiers of a source, without comments and the texts of strings; what stands in `${…}` counts. */
function identifiersIn(source: string): readonly string[] {
  const code = source
    .replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ' ')
    .replaceAll(/`[^`]*`/g, (text) => (text.match(/\$\{[^}]*\}?/g) ?? []).join(' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, ' ')
  return code.match(/[A-Za-z_$][\w$]*/g) ?? []
}

function givenUpIn(source: string): readonly string[] {
  return identifiersIn(source).flatMap((name) => {
    const found = GIVEN_UP.find(([pattern]) => pattern.test(name))
    return found === undefined ? [] : [`${name}: say ${found[1]}`]
  })
}

test('src/ says every idea with one word: names that were given up stay away', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(300)
  const found = files.flatMap((path) => givenUpIn(readFileSync(SOURCE + path, 'utf8')).map((text) => ({ path, text })))
  expect(found.filter(({ path }) => !ALLOWED.has(path))).toEqual([])
  expect(new Set(found.map(({ path }) => path))).toEqual(new Set(ALLOWED.keys()))
})

test.each([
  'const place = 1',
  'for (const one of places) use(one)',
  'function pickPlaces(rows: Row[]): void {}',
  'export interface RunPlace {}',
  'run.inPlace(schema)',
  'const SHARED_PLACE = null',
  'const text = `at ${place}: it is missing`',
  'readonly placeOf: string',
  'type Asked = CompletionToGrade[]',
  'const rewards: CaseRewards = []',
  'if (card.isSampled) draw()',
  'if (card.isRewarded) draw()',
])('a file that holds %j is found', (planted) => {
  expect(givenUpIn(planted)).toHaveLength(1)
})

test.each([
  '// changes the rows in place',
  '/** The place after an element. */',
  `const text = 'it has no place here'`,
  'const text = `${name} has no place here`',
  'text.replaceAll(placeholder, replacement)',
  'const placements: Placement[] = []',
])('a file that holds %j is fine', (written) => {
  expect(givenUpIn(written)).toEqual([])
})
