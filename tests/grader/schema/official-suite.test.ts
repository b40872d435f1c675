/**
 * @file The official JSON Schema Test Suite (MIT licence beside it, commit 44401e0c of json-schema-org/JSON-Schema-Test-Suite; one group a line,
 * white space left out): every group comes out right or is refused by name, and what is neither stands here with its reason.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { jsonSchema } from '../../../src/grader/json-schema.ts'
import type { JsonSchemaOptions } from '../../../src/grader/json-schema.ts'
import { gradeWith } from '../grade-with.ts'

interface Group {
  readonly file: string
  readonly description: string
  readonly schema: JsonValue
  readonly tests: readonly { readonly data: JsonValue; readonly valid: boolean }[]
}

/** Numbers and texts with a mark in front, so that the texts of schema and data can be put together again digit for digit. */
const tag = (text: string): string =>
  text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`))
const textOf = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/"([sn])([^"\\]*(?:\\.[^"\\]*)*)"/g, (_, kind, body) => (kind === 's' ? `"${body}"` : body))
const plain = (value: unknown): Group => JSON.parse(textOf(value)) as Group

function groups(draft: string): readonly (Group & { readonly schemaText: string; readonly dataTexts: readonly string[] })[] {
  const lines = readFileSync(new URL(`./official-suite/draft-${draft}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => {
    const tagged = JSON.parse(tag(line)) as { readonly sschema: unknown; readonly stests: readonly { readonly sdata: unknown }[] }
    return { ...plain(tagged), schemaText: textOf(tagged.sschema), dataTexts: tagged.stests.map(({ sdata }) => textOf(sdata)) }
  })
}

const URI: Readonly<Record<string, string>> = { '7': 'http://json-schema.org/draft-07/schema#' }

/** "right", "wrong", or the code and text of a refusal. */
function outcome(group: ReturnType<typeof groups>[number], draft: string, formats: JsonSchemaOptions['formats']): string {
  const uri = URI[draft]
  const text =
    uri !== undefined && group.schemaText.startsWith('{') && !group.schemaText.includes('"$schema"')
      ? group.schemaText.replace('{', `{"$schema":${JSON.stringify(uri)}${group.schemaText === '{}' ? '' : ','}`)
      : group.schemaText
  try {
    const grader = jsonSchema({ schema: text, ...(formats === undefined ? {} : { formats }) })
    const isRight = group.tests.every(
      ({ valid }, index) => gradeWith(grader, group.dataTexts[index] as string, null, 'reward').reward === Number(valid),
    )
    return isRight ? 'right' : 'wrong'
  } catch (error) {
    return (error as Error).message.split('\n')[0] as string
  }
}

/** What is refused, and why: the texts that name it. */
const REFUSALS = [
  /it refers to \S+, which is not in it; nothing is fetched/,
  /its \$schema \S+ is none of /,
  /draft \S+ has no keyword \\"dependencies\\"/,
  /the format (?:idn-email|idn-hostname|iri|iri-reference|uri-template|unknown) is none of /,
  /^PATTERN_UNUSABLE {2}The pattern ".*" cannot be used: invalid (?:escape sequence|perl operator|named capture|nested repetition)/,
  /which draft 2020-12 does not check by itself: say formats/,
]

/** Optional groups that come out otherwise. */
const KNOWN_GAPS = [
  // The letters that IDNA 2008 allows by context are not checked.
  'optional/format/hostname: validation of A-label (punycode) host names',
  // Draft 7 lets an implementation check these; here they are annotations, as in later drafts.
  'optional/content: validation of string-encoded content based on media type',
  'optional/content: validation of binary string-encoding',
  'optional/content: validation of binary-encoded media type documents',
]

test.each([
  ['2020-12', { right: 400, refused: 60 }],
  ['2019-09', { right: 409, refused: 38 }],
  ['7', { right: 293, refused: 24 }],
])('jsonSchema() gets the groups of draft %s right or refuses them by name', (draft, counts) => {
  const all = groups(draft).map((group) => ({ name: `${group.file}: ${group.description}`, group }))
  const found = all.map(({ name, group }) => {
    const isFormat = group.file.startsWith('optional/format/')
    return { name, outcome: outcome(group, draft, isFormat ? 'assert' : undefined) }
  })
  const wrong = found.filter(({ outcome }) => outcome === 'wrong').map(({ name }) => name)
  expect(wrong.filter((name) => !KNOWN_GAPS.includes(name))).toEqual([])
  const refused = found.filter(({ outcome }) => outcome !== 'right' && outcome !== 'wrong')
  expect(refused.filter(({ outcome }) => !REFUSALS.some((pattern) => pattern.test(outcome)))).toEqual([])
  expect({ right: found.filter(({ outcome }) => outcome === 'right').length, refused: refused.length }).toEqual(counts)
})

test('jsonSchema() that treats formats as annotations gets the groups about formats of draft 2020-12 right', () => {
  const formats = groups('2020-12').filter(({ file }) => file === 'format')
  expect(formats.map((group) => outcome(group, '2020-12', 'annotation'))).toEqual(formats.map(() => 'right'))
})
