/**
 * @file Makes characters that steer a display visible: control characters and bidirectional overrides become their code in brackets,
 * so that text from a model or a file cannot rewrite the page around it. The page's own script does the same for what it shows.
 */

// Control characters without tab and line feed, zero-width and bidirectional marks, line separators, byte order mark.
// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** `text` with each steering character as "⟨U+202E⟩". */
export function visibleText(text: string): string {
  return text.replace(STEERING, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}

/** The same for every string in plain data; keys are left alone. */
export function visibleData<T>(value: T): T {
  if (typeof value === 'string') return visibleText(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => visibleData(item)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visibleData(item as unknown)])) as T
}
