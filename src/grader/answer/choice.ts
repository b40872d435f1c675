/**
 * @file Answers that name one of several choices: B, (B), "B. Paris". What stands behind the letter is not known to belong to it.
 */

/** A choice, and the text behind its letter; null for a letter alone. */
export interface Choice {
  readonly letter: string
  readonly text: string | null
}

const MARKED = /^(?:\((?<bracketed>[A-J])\)[.:]? ?|(?<bare>[A-J])(?:(?:[.:]|\.\)) |\) ?| [-–—] (?=\p{L}{3})))(?<text>\S.*)$/u
const LONGEST_TEXT = 200
/** Another choice, or doubt: "A. or B", "A: B", "A) no, B". */
const HEDGE =
  /^\(?[A-J]\W*$|\([A-J]\)|(?:^|[\s(])[A-J][.):](?:\s|$)|\b(?:or|and|not|but|rather) \(?[A-J]\b|\b(?:not|wrong|incorrect|false)\b|^(?:or|and) /u

/** The choice that a plain text names; null where it names none, or more than one. */
export function choiceOf(plain: string): Choice | null {
  const alone = /^[A-J]$/.exec(withoutPreface(plain))?.[0]
  if (alone !== undefined) return { letter: alone, text: null }
  const { bracketed, bare, text = '' } = MARKED.exec(withoutPreface(plain))?.groups ?? {}
  const letter = bracketed ?? bare
  if (letter === undefined || text.length > LONGEST_TEXT || HEDGE.test(text)) return null
  return { letter, text }
}

/** "B)", "(B)." and "B:" are the choice B. */
export function withoutChoiceMarks(plain: string): string {
  return plain.length <= 4 ? plain.replace(/^\(?([A-Z])[).:]{1,2}$/, '$1') : plain
}

/** "Option B" and "choice (B)" are the choice B. */
function withoutPreface(plain: string): string {
  return withoutChoiceMarks(plain.replace(/^(?:option|choice|answer) (?=\(?[A-J](?:\W|$))/i, ''))
}
