/**
 * @file Whether a text stands by what it mentions. "Not 14", "14 is wrong" and "14? No" mention 14 and deny it; "at least 14" and "14 or 15" say
 * something else. English, and what stands close by in some other languages. Careful in one direction: where it cannot tell, a mention counts as denied.
 */
import {
  ANSWERS_NO,
  BARE_NO,
  BOUND,
  CARRIES,
  CLAIM,
  COLON,
  CONTRAST,
  DENIAL,
  DENIED_ELSEWHERE,
  DENIED_HEADING,
  DENIED_NAME,
  DOES_NOT,
  HARMLESS,
  INHERENT,
  NOT_SO,
  NOT_THAT,
  OPENING,
  SYMBOL,
  TAKEN_BACK,
  TURN,
} from './denial-words.ts'

/** A part of a text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Characters that are looked at on either side: what is further away belongs to another thought. */
const WINDOW = 240
const CONTRAST_AT_MOST = 40

/** Whether what stands there is denied before or after it. "No. That is wrong." does not deny its "No". */
export function isDenied(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - WINDOW), start)
  const after = text.slice(end, end + WINDOW)
  if (deniesNext(before) || BOUND.test(before) || NOT_THAT.test(after)) return true
  return BARE_NO.test(text.slice(start, end)) ? NOT_SO.test(after) : deniesPrevious(after)
}

/** Whether a text denies what ends there: "14. Scratch that." */
export function isTakenBack(text: string, end: number): boolean {
  return deniesPrevious(text.slice(end, end + WINDOW))
}

/**
 * The same for a list or an object, which may have a heading: "Fields that are not empty:" says what follows, "This is not the answer:" denies it.
 */
export function isBlockDenied(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - WINDOW), start)
  const bare = before.replace(OPENING, '')
  const denied = bare.endsWith(':') ? DENIED_HEADING.test(lastClause(bare)) : deniesNext(before)
  return denied || deniesPrevious(text.slice(end, end + WINDOW).replace(/^\s*`{3}/, ''))
}

/** The last mention that is not only contrasted with the one before it ("15, not 14"); null when it is denied. */
export function lastAffirmed<Mention extends Span>(text: string, mentions: readonly Mention[]): Mention | null {
  const [before, last] = [undefined, ...withoutContrasts(text, mentions.slice(-20))].slice(-2)
  if (last === undefined || isDenied(text, last)) return null
  return before !== undefined && isOneOfTwo(text, before, last) ? null : last
}

/** "14 or 15", "between 14 and 15", "14 to 15", "14/15": neither is said. */
function isOneOfTwo(text: string, before: Span, last: Span): boolean {
  const between = text.slice(before.end, last.start).toLowerCase()
  if (text.slice(before.start, before.end) === text.slice(last.start, last.end)) return false
  if (/^[\s*_"'$]*(?:(?:or|and\/or|to|through)[\s*_"'$]+(?:maybe |perhaps |possibly |even )?|[/:\u2013-])$/.test(between)) return true
  return (
    /^[\s*_"'$]*and[\s*_"'$]+$/.test(between) &&
    /\b(?:between|from|either)[\s*_"'$]*$/i.test(text.slice(Math.max(0, before.start - 20), before.start))
  )
}

/** What all mentions say; null when there is none, two differ, or any of them is denied. */
export function onlyAffirmed(text: string, mentions: readonly (Span & { readonly says: string })[]): string | null {
  const standing = withoutContrasts(text, mentions)
  const [first] = standing
  if (first === undefined || standing.some(({ says }) => says !== first.says)) return null
  return standing.some((mention) => isDenied(text, mention)) ? null : first.says
}

function withoutContrasts<Mention extends Span>(text: string, mentions: readonly Mention[]): readonly Mention[] {
  return mentions.filter(({ start }, index) => {
    const before = mentions[index - 1]
    return before === undefined || start - before.end > CONTRAST_AT_MOST || !CONTRAST.test(text.slice(before.end, start))
  })
}

/** Whether a text denies what comes right after it. */
function deniesNext(before: string): boolean {
  if (SYMBOL.test(before)) return true
  const bare = before.replace(OPENING, '')
  // A line of its own is a claim of its own, unless the line before hangs over.
  const onOwnLine = before.slice(bare.length).includes('\n')
  if (onOwnLine && !/(?:[:,\u2013\u2014(]|\b(?:not|never|no|than|of|is|are)|n['\u2019]t)$/iu.test(bare)) return false
  const clause = lastClause(bare)
  if (DENIED_NAME.test(clause) || DENIED_ELSEWHERE.test(clause)) return true
  const denial = [...clause.matchAll(DENIAL)].at(-1)
  if (denial === undefined) return false
  const upTo = denial.index + denial[0].length
  const between = clause.slice(upTo)
  if (HARMLESS.test(between)) return false
  const claim = CLAIM.exec(between) ?? (DOES_NOT.test(clause.slice(0, upTo)) ? COLON.exec(between) : null)
  return claim === null || INHERENT.test(denial[0]) || CARRIES.test(between.slice(0, claim.index))
}

/** Whether a text denies what comes right before it. */
function deniesPrevious(after: string): boolean {
  return NOT_SO.test(after) || ANSWERS_NO.test(after) || TAKEN_BACK.test(after)
}

function lastClause(text: string): string {
  const turn = [...text.matchAll(TURN)].at(-1)
  return turn === undefined ? text : text.slice(turn.index + turn[0].length)
}
