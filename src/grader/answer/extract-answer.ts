/**
 * @file Finds the answer in what a model wrote, and says which rule found it. Linear in the text, however hostile it is.
 * Profile `reward`: the answer stands in a declared place and nowhere else says something different.
 */
import type { GradingProfile } from '../../eval/grader.ts'
import { findJsonObject, wholeJsonObject } from '../json/find-json-object.ts'
import { boxedAnswers } from './boxes.ts'
import type { DecimalMark } from './comma-groups.ts'
import { answersEqual, isMathematics } from './compare-answers.ts'
import { isDenied, lastAffirmed } from '../text/denial.ts'

/**
 * Where an answer may stand. `boxed`: in the last \boxed{…}. `marker`: after the last "####" of its line. `field`: in a field of a JSON object.
 * `phrase`: after "the answer is" or "final answer:". `whole`: the text itself.
 * `formula`: between the last dollar signs, \( \) or \[ \]. `last-number`: the last number that the text mentions.
 */
export type ExtractionRule = 'boxed' | 'marker' | 'field' | 'phrase' | 'whole' | 'formula' | 'last-number'

/** How answers are found. */
export interface ExtractOptions {
  readonly profile?: GradingProfile
  /** Rules in the order in which they are tried. Default in `eval` all of them, in `reward` `boxed`, `marker`, `field`, `whole`. */
  readonly rules?: readonly ExtractionRule[]
  /** What stands before the answer on its line. Default "####". */
  readonly marker?: string
  /** Field of a JSON object that holds the answer; without it the rule `field` finds nothing. */
  readonly field?: string
  /** As in `AnswerOptions`. */
  readonly decimalMark?: DecimalMark
}

/** An answer as it stands in the text, and the rule that found it. */
export interface ExtractedAnswer {
  readonly answer: string
  readonly rule: ExtractionRule
}

const RULES: Readonly<Record<GradingProfile, readonly ExtractionRule[]>> = {
  eval: ['boxed', 'marker', 'field', 'phrase', 'whole', 'formula', 'last-number'],
  reward: ['boxed', 'marker', 'field', 'whole'],
}
/** Boxes of one text that are looked at: a text with more is no answer. */
const MAX_ANSWERS_FOUND = 20
const LONGEST_WHOLE = 200
const TAIL = 4_000

/** The answer of a text by the first rule that finds one; null when none does, or in `reward` when two answers disagree. */
export function extractAnswer(text: string, options: ExtractOptions = {}): ExtractedAnswer | null {
  const strict = options.profile === 'reward'
  const found: ExtractedAnswer[] = []
  for (const rule of options.rules ?? RULES[options.profile ?? 'eval']) {
    // A text that has a declared place elsewhere is not itself the answer.
    if (rule === 'whole' && found.length > 0) continue
    const answers = answersBy(rule, text, options)
    if (answers === null) return null
    const answer = answers.at(-1)
    if (answer === undefined) continue
    if (!strict) return { answer, rule }
    found.push(...answers.map((one) => ({ answer: one, rule })))
  }
  const [first] = found
  const agreed = first !== undefined && found.length <= MAX_ANSWERS_FOUND && found.every(({ answer }) => answersEqual(answer, first.answer))
  return agreed ? first : null
}

/** Every answer that a rule finds, the last one last; null where the rule applies and finds no usable answer. */
function answersBy(rule: ExtractionRule, text: string, options: ExtractOptions): readonly string[] | null {
  const strict = options.profile === 'reward'
  switch (rule) {
    case 'boxed':
      return boxedAnswers(text, { strict, most: MAX_ANSWERS_FOUND })
    case 'marker':
      return strict ? strictMarker(text, options.marker ?? '####') : lastMarker(text, options.marker ?? '####')
    case 'field':
      return options.field === undefined ? [] : fieldOf(text, options.field, strict)
    case 'phrase':
      return phrase(text)
    case 'whole':
      return strict || isWholeAnswer(text.trim()) ? [text.trim()] : []
    case 'formula':
      return lastFormula(text)
    case 'last-number':
      return lastNumber(text, options.decimalMark ?? 'point')
  }
}

function lastMarker(text: string, marker: string): readonly string[] {
  const at = text.lastIndexOf(marker)
  if (at < 0) return []
  const answer = firstLine(text.slice(at + marker.length))
  return answer === '' ? [] : [answer]
}

/** The only marker, in the last line that is not empty. */
function strictMarker(text: string, marker: string): readonly string[] | null {
  const at = text.indexOf(marker)
  if (at < 0) return []
  const rest = text.slice(at + marker.length).trim()
  return rest === '' || rest.includes('\n') || rest.includes(marker) ? null : [rest]
}

function firstLine(text: string): string {
  const trimmed = text.trimStart()
  const end = trimmed.indexOf('\n')
  return (end < 0 ? trimmed : trimmed.slice(0, end)).trim()
}

function fieldOf(text: string, field: string, strict: boolean): readonly string[] | null {
  const object = strict ? wholeJsonObject(text) : (findJsonObject(text)?.object ?? null)
  if (object === null) return []
  const value = Object.hasOwn(object, field) ? object[field] : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : null
}

const PHRASE = /\b(?:final answer|answer|solution)(?: is| are)?(?: therefore| simply)?\*{0,2}\s?[:=]?\s?/gi
const DECLARES = /\bis\b|\bare\b|[:=]|^final.*\n$/i
/** Where the answer after a phrase ends: its line, its sentence, or a reason. */
const AFTER_ANSWER = /\n|[.!?](?=\s|$)|,? (?:because|since|which|where) /

function phrase(text: string): readonly string[] {
  const declared = [...text.matchAll(PHRASE)].filter((match) => DECLARES.test(match[0])).slice(-MAX_ANSWERS_FOUND)
  for (const match of declared.toReversed()) {
    const from = match.index + match[0].length
    const rest = text.slice(from, from + LONGEST_WHOLE).replace(/^[*\s:]+/, '')
    const end = rest.search(AFTER_ANSWER)
    // "I do not think that the answer is 14", "The answer is 14? No."
    if (isDenied(text, { start: from, end: text.indexOf(rest, from) + (end < 0 ? rest.length : end) })) return []
    const found = withoutStars(end < 0 ? rest : rest.slice(0, end))
    const said = isMathematics(found) ? found : saidLast(found)
    if (said !== null) return [said]
    if (found !== '' && isShortAnswer(found)) return [found]
  }
  return []
}

function withoutStars(text: string): string {
  return text.replace(/^\*+|\*+$/g, '').trim()
}

/** What a sentence says of its subject: 34 of "The largest $n$ is 34". */
function saidLast(sentence: string): string | null {
  const verb = [...sentence.matchAll(/ (?:is|are|equals|be|=) /g)].at(-1)
  const said = verb === undefined ? '' : withoutStars(sentence.slice(verb.index + verb[0].length))
  return said !== '' && isMathematics(said) ? said : null
}

/** "The answer is Paris", not a sentence about Paris. */
function isShortAnswer(text: string): boolean {
  return text.split(/\s+/).length <= 5
}

/** A short line that is mathematics, or words without a number. */
function isWholeAnswer(text: string): boolean {
  if (text === '' || text.length > LONGEST_WHOLE || text.includes('\n')) return false
  return isMathematics(text) || !/\d/.test(text)
}

const FORMULA = /\$\$?([^$\n]{1,200})\$|\\\(([^\n]{1,200}?)\\\)|\\\[([^$]{1,200}?)\\\]/g

/** The last formula of a text, looked for in its last 4,000 characters; nothing where it is none: two prices have dollar signs too. */
function lastFormula(text: string): readonly string[] {
  const tail = text.slice(-TAIL)
  const match = [...tail.matchAll(FORMULA)].at(-1)
  const formula = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim()
  if (match === undefined || formula === '' || isDenied(tail, { start: match.index, end: match.index + match[0].length })) return []
  // "The largest $n$ is 34": a name with a number behind it is what the answer is about.
  const named = /^[a-zA-Z](?:_\S+)?$/.test(formula) && /\d/.test(tail.slice(match.index + match[0].length))
  return !named && isMathematics(formula) ? [formula] : []
}

// Like a number in prose of decimal.ts, and fractions. It does not begin or end inside a word, a longer number or a date.
const numberPattern = (decimal: string) =>
  new RegExp(
    String.raw`(?<![\p{L}\p{N}_.,/:]|\d[-−])[-−]?(?:\\[dt]?frac\{\d{1,40}\}\{\d{1,40}\}|(?:${decimal})(?:\/\d+)?(?:[eE][-+]?\d{1,4})?(?:\\?%)?)(?![\p{L}\p{N}_/:]|[.,-]\d)`,
    'gu',
  )
const NUMBERS: Readonly<Record<DecimalMark, RegExp>> = {
  point: numberPattern(String.raw`(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?`),
  comma: numberPattern(String.raw`(?:\d{1,3}(?:\.\d{3})+(?!\d)|\d+)(?:,\d+)?`),
}

/** The last number of a text, looked for in its last 4,000 characters; nothing where the text denies it. */
function lastNumber(text: string, decimalMark: DecimalMark): readonly string[] {
  const tail = text.length > TAIL ? text.slice(-TAIL).replace(/^\S*/, '') : text
  const found = Array.from(tail.matchAll(NUMBERS[decimalMark]), ({ 0: digits, index }) => ({
    start: index,
    end: index + digits.length,
    digits,
  }))
  const last = lastAffirmed(tail, found)
  return last === null ? [] : [last.digits]
}
