/**
 * @file Finds the JSON object in what a model wrote, in time linear in the text's length however hostile the text is.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { withoutThoughts } from '../../eval/thinking.ts'
import { isBlockDenied } from '../text/denial.ts'
import type { Span } from '../text/denial.ts'
import { hasRepeatedName } from './repeated-names.ts'

/** A JSON object as parseExactJson gives it: a plain object whose own keys are whatever the text said. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Where the object was found: the text was nothing else, it stood in a code fence, or in prose. */
export interface FoundObject {
  readonly object: JsonObject
  /** The object as it stands in the text. */
  readonly source: string
  readonly rule: 'whole' | 'code-fence' | 'in-prose'
}

/** The object that the whole text is, white space at the ends aside; null when it is none, or has a name twice. */
export function wholeJsonObject(text: string): JsonObject | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null
  try {
    const object = parseExactJson(trimmed) as JsonObject
    return hasRepeatedName(trimmed) ? null : object
  } catch {
    return null
  }
}

/**
 * The only JSON object of a text. Null when there is none, when there are several, because nobody said which one counts, and when the text denies it:
 * "The answer is not {…}".
 */
export function findJsonObject(written: string): FoundObject | null {
  const text = withoutThoughts(written)
  const whole = wholeJsonObject(text)
  if (whole !== null) return { object: whole, source: text, rule: 'whole' }
  const found = jsonObjectsIn(text)
  const [only] = found
  if (only === undefined || found.length > 1 || isBlockDenied(text, only)) return null
  return {
    object: only.object,
    source: text.slice(only.start, only.end),
    rule: text.slice(0, only.start).includes('```') ? 'code-fence' : 'in-prose',
  }
}

/** Every JSON object of a text that lies in no other one, with where it begins and ends. */
export function jsonObjectsIn(text: string): readonly (Span & { readonly object: JsonObject })[] {
  return outermostSpans(text).flatMap(([start, end]) => {
    const object = wholeJsonObject(text.slice(start, end))
    return object === null ? [] : [{ object, start, end }]
  })
}

/** Spans from a brace to its partner that lie in no other such span. Quotes count inside braces only: prose has apostrophes. */
function outermostSpans(text: string): readonly (readonly [number, number])[] {
  const open: number[] = []
  const spans: [number, number][] = []
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at += 1
      else if (character === '"' || character === '\n') quoted = false
    } else if (character === '"' && open.length > 0) quoted = true
    else if (character === '{') open.push(at)
    else if (character === '}' && open.length > 0) {
      const start = open.pop() as number
      while (spans.length > 0 && (spans.at(-1) as [number, number])[0] > start) spans.pop()
      spans.push([start, at + 1])
    }
  }
  return spans
}
