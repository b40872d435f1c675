/**
 * @file Finds a key that stands twice in one object of a JSON text. JSON.parse keeps the last and says nothing, so one of two answers would be lost.
 */

const BACKSLASH = 0x5c
const COLON = 0x3a

/** The first key that its own object repeats; null when there is none. `value` is what the text was parsed to. */
export function repeatedKey(text: string, value: unknown): string | null {
  // Counting tells whether there is one; only then are the objects read.
  return countWritten(text) === countKept(value) ? null : findRepeated(text)
}

/** Members of all objects as written: texts that a colon follows. */
function countWritten(text: string): number {
  let members = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = endOfString(text, at)
    if (isKey(text, at)) members += 1
  }
  return members
}

function countKept(value: unknown): number {
  let members = 0
  const open = [value]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one !== 'object' || one === null) continue
    const inner = Object.values(one)
    if (!Array.isArray(one)) members += inner.length
    for (const item of inner) if (typeof item === 'object') open.push(item)
  }
  return members
}

function findRepeated(text: string): string | null {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length;) {
    const code = text[at]
    if (code === '{') open.push(new Set())
    // A list needs no keys; what stands in it has objects of its own.
    else if (code === '}') open.pop()
    if (code !== '"') {
      at += 1
      continue
    }
    const end = endOfString(text, at)
    const keys = open.at(-1)
    if (isKey(text, end) && keys !== undefined) {
      const key = JSON.parse(text.slice(at, end)) as string
      if (keys.has(key)) return key
      keys.add(key)
    }
    at = end
  }
  return null
}

function isKey(text: string, end: number): boolean {
  let at = end
  // Space, tab and line ends: all that JSON allows before a colon.
  while (text.charCodeAt(at) <= 0x20) at += 1
  return text.charCodeAt(at) === COLON
}

/** The index after a text's closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end + 1
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text.charCodeAt(at) === BACKSLASH) at -= 1
  return (quote - at) % 2 === 0
}
