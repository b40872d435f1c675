/**
 * @file The family "format" of IFBench.
 */
import { everyPair } from './bench-words.ts'
import { instruction, TEXT, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { piecesOf, sentencesOf } from './sentences.ts'
import { isLower, isUpper, withoutEdges } from './words.ts'

const SIGN = /[!-/:-@[-`{-~\s]/u
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const NEST_LEVELS = 5
const QUOTE_LEVELS = 3

/** Instructions by id. */
export const benchFormat: Instructions = {
  'format:parentheses': instruction({}, hasNestedBrackets),
  'format:quotes': instruction({}, hasNestedQuotes),
  'format:options': instruction({ options: TEXT }, isOption),
  'format:newline': instruction({}, (text) => {
    const lines = text.replaceAll(/[!-/:-@[-`{-~]/gu, '').split('\n')
    return lines.every((line) => !/\S\s+\S/u.test(line)) && /[\p{L}\p{N}]/u.test(text)
  }),
  'format:emoji': instruction({}, (text) => {
    const pieces = piecesOf(text).map((piece) => withoutEdges(piece, SIGN))
    return pieces.every((piece, index) => EMOJI_LAST.test(piece) || EMOJI_FIRST.test(pieces[index + 1] ?? ''))
  }),
  'format:line_indent': instruction({}, (text) =>
    everyPair(
      text.split('\n').filter((line) => line.trim() !== ''),
      (line, next) => indentOf(next) > indentOf(line),
    ),
  ),
  'format:quote_unquote': instruction({}, (text) => {
    const bare = text.replaceAll(/[“”]/gu, '"').replaceAll(`'"'`, '').replaceAll(/\s+/gu, '')
    return !bare.includes('""') && !/"[\d!#-/:-@[-`{-~]*$/u.test(bare)
  }),
  'format:list': instruction({ sep: TRIMMED }, (text, given) => text.split(given.sep).length > 2),
  'format:thesis': instruction({}, hasThesis),
  'format:sub-bullets': instruction({}, (text) => {
    const bullets = text.split('*').slice(1)
    return bullets.length > 0 && bullets.every((bullet) => bullet.includes('-'))
  }),
  'format:no_bullets_bullets': instruction({}, (text) => {
    const lines = text.split('\n').map((line) => line.trim())
    const written = lines.filter((line) => line !== '')
    const first = written.findIndex((line) => line.startsWith('*'))
    const bullets = written.slice(first)
    return first > 0 && bullets.length > 1 && bullets.every((line) => line.startsWith('*')) && sentencesIn(written.slice(0, first)) > 1
  }),
  'format:title_case': instruction({}, (text) => text.split(/\s+/u).every(isTitled) && /\p{L}/u.test(text)),
  'format:output_template': instruction({}, (text) =>
    ['My Answer:', 'My Conclusion:', 'Future Outlook:'].every((heading) => text.includes(heading)),
  ),
  'format:no_whitespace': instruction({}, (text) => !/\s/u.test(text)),
}

const EMOJI_LAST = /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3)(?:\uFE0F|\p{Emoji_Modifier})*$/u
const EMOJI_FIRST = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator})/u

function sentencesIn(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + sentencesOf(line).length, 0)
}

function indentOf(line: string): number {
  return line.length - line.replace(/^ +/u, '').length
}

/** Five levels, properly closed. */
function hasNestedBrackets(text: string): boolean {
  let open: string[] = []
  let deepest = 0
  for (const character of text) {
    if ('([{'.includes(character)) deepest = Math.max(deepest, open.push(character))
    else if (PAIRS[character] !== undefined) {
      if (open.at(-1) === PAIRS[character]) {
        open.pop()
        if (deepest >= NEST_LEVELS) return true
      } else {
        open = []
        deepest = 0
      }
    }
  }
  return false
}

/** Three levels of double and single quotes in turn, closed. */
function hasNestedQuotes(text: string): boolean {
  const open: string[] = []
  let deepest = 0
  for (const character of text.replaceAll(/[\p{L}\p{N}]['’][\p{L}\p{N}]/gu, '')) {
    if (character !== '"' && character !== "'") continue
    if (open.at(-1) !== character) deepest = Math.max(deepest, open.push(character))
    else if (deepest - (open.length - 1) >= QUOTE_LEVELS && open.pop() !== undefined) return true
    else open.pop()
  }
  return false
}

/** Letters as options must be given as they stand; of words, signs around them and letter case do not count. */
function isOption(text: string, { options }: { readonly options: string }): boolean {
  const separator = options.includes('/') ? '/' : / or /u.test(options) ? ' or ' : ','
  const allowed = options.split(separator).map((option) => option.trim())
  return /^\W*a\W*b\W*c/iu.test(options) ? allowed.includes(text.trim()) : allowed.map(bare).includes(bare(text))
}

function bare(text: string): string {
  return withoutEdges(text, SIGN).toLowerCase()
}

/** Something in italics by HTML, and something after it. */
function hasThesis(text: string): boolean {
  const open = /<(?:i|em)>/u.exec(text)
  if (open === null) return false
  const rest = text.slice(open.index + open[0].length)
  const close = /<\/(?:i|em)>/u.exec(rest)
  return close !== null && rest.slice(0, close.index).trim() !== '' && rest.slice(close.index + close[0].length).trim() !== ''
}

/** A word that begins with a capital, or with no letter. Words in mixed case, like "iPhone", are names. */
function isTitled(word: string): boolean {
  const letters = Array.from(word.replace(/^[^\p{L}\p{N}]+/u, ''))
  const rest = letters.slice(1).join('')
  return !isLower(letters[0] ?? '') || (isLower(rest) === isUpper(rest) && /\p{L}/u.test(rest))
}
