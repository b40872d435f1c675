/**
 * @file Whether JSON is nested too deeply or in too many pieces to be parsed: both cost a parser many times the memory that the file has.
 */
const MAX_DEPTH = 100
const MAX_CONTAINERS = 2_000_000
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** What is wrong with the text, continuing "The file …"; undefined when a parser may have it. */
export function jsonBurden(bytes: Uint8Array): string | undefined {
  let [depth, containers] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfText(bytes, at)
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`
      if (++containers > MAX_CONTAINERS) return `holds more than ${MAX_CONTAINERS} lists and objects`
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--
  }
  return undefined
}

function endOfText(bytes: Uint8Array, start: number): number {
  let at = bytes.indexOf(QUOTE, start + 1)
  while (at !== -1 && isEscaped(bytes, at)) at = bytes.indexOf(QUOTE, at + 1)
  return at === -1 ? bytes.length : at
}

function isEscaped(bytes: Uint8Array, at: number): boolean {
  let backslashes = 0
  while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}
