/**
 * @file Whether an object in a JSON text has a name twice. Readers differ in which of the two they believe, so such an object says nothing for sure, and
 * an answer in it would be two answers.
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const COLON = 0x3a

/** For text that JSON.parse reads; linear in it. */
export function hasRepeatedName(text: string): boolean {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === OPEN) open.push(new Set())
    else if (code === CLOSE) open.pop()
    else if (code === QUOTE) {
      const start = at
      for (at += 1; text.charCodeAt(at) !== QUOTE; at += 1) if (text.charCodeAt(at) === BACKSLASH) at += 1
      if (isName(text, at + 1) && isKnown(open.at(-1), text.slice(start, at + 1))) return true
    }
  }
  return false
}

function isName(text: string, after: number): boolean {
  let at = after
  while (/\s/.test(text.charAt(at))) at += 1
  return text.charCodeAt(at) === COLON
}

/** "\u0061" is "a". */
function isKnown(names: Set<string> | undefined, literal: string): boolean {
  const name = literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1)
  if (names === undefined || names.has(name)) return names !== undefined
  names.add(name)
  return false
}
