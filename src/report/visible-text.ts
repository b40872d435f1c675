/**
 * @file Makes characters that steer a display or hide in it visible by their code in brackets, so that text from a model or a file cannot rewrite the
 * page around it, and nobody reads past what is there. The page's own script does the same for what it shows.
 */
import { replaceSteering } from '../base/steering-characters.ts'

/** `text` with each steering character as "⟨U+202E⟩". */
export function visibleText(text: string): string {
  return replaceSteering(text, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}

/** The same for every string in plain data; keys are left alone. */
export function visibleData<T>(value: T): T {
  if (typeof value === 'string') return visibleText(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => visibleData(item)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visibleData(item as unknown)])) as T
}
