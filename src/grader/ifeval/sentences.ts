/**
 * @file Splits a text into sentences as nltk's Punkt does, which IFEval counts with: at every end mark before white space or a closing sign, whatever the
 * letter case of what follows, except after abbreviations, initials and dots. Punkt learned from newspapers which words these are; here they are listed.
 */
import { ABBREVIATIONS, BEFORE_NUMBERS, STARTERS, TITLES } from './abbreviations.ts'

// Marks of scripts that know no space after a sentence, or no other use of the mark, end one wherever they stand.
const END = /(?<![.!?])[.!?]+(?=["'”’»)\]}:;*({[“‘«]|\s+\S)|[。！？｡।॥؟۔።։။។]+/gu
const CLOSING = /["'”’»)\]}」』）*_]*/uy
const LOOK_BACK = 60

/** The sentences with their end marks, without white space around them; what has neither letter nor digit is none. */
export function sentencesOf(text: string): readonly string[] {
  return piecesOf(text).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
}

/** As `sentencesOf`, with what has no letter: an emoji after the last sentence is a piece of its own. */
export function piecesOf(text: string): readonly string[] {
  const sentences: string[] = []
  let start = 0
  for (const { 0: mark, index } of text.matchAll(END)) {
    if (index < start || !endsSentence(text, mark, index)) continue
    CLOSING.lastIndex = index + mark.length
    const end = CLOSING.lastIndex + (CLOSING.exec(text)?.[0].length ?? 0)
    sentences.push(text.slice(start, end))
    start = end
  }
  return [...sentences, text.slice(start)].map((sentence) => sentence.trim()).filter((sentence) => sentence !== '')
}

function endsSentence(text: string, mark: string, index: number): boolean {
  if (!/^\.+$/u.test(mark)) return true
  const before = (/\S*$/u.exec(text.slice(Math.max(0, index - LOOK_BACK), index))?.[0] ?? '').replace(/^["'“‘«([{*_]+/u, '')
  const next = /^[\s"'”’)\]*]*([^\s]{0,40})/u.exec(text.slice(index + mark.length, index + mark.length + LOOK_BACK))?.[1] ?? ''
  if (mark.length > 1) return startsSentence(next)
  return !isAbbreviated(before, next)
}

/** Whether the period after a word belongs to it and ends no sentence. */
function isAbbreviated(word: string, next: string): boolean {
  const lower = word.toLowerCase()
  const last = lower.slice(lower.lastIndexOf('-') + 1)
  if (TITLES.has(last)) return true
  if (/^\d{1,3}$/u.test(word)) return /^\p{Ll}/u.test(next)
  if (BEFORE_NUMBERS.has(last)) return /^\d/u.test(next)
  return (/^\p{L}(?:\.\p{L})*$/u.test(word) || ABBREVIATIONS.has(last)) && !startsSentence(next)
}

/** A capitalised word that begins sentences and is no name. Among capitals only, a capital says nothing. */
function startsSentence(next: string): boolean {
  const word = /^\p{Lu}(?:[\p{Ll}'’][\p{L}'’]*)?(?!\p{L})/u.exec(next)?.[0] ?? ''
  return STARTERS.has(word.toLowerCase())
}
