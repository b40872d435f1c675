/**
 * @file Text that cannot become markup in a Markdown file: HTML and Markdown specials are escaped, steering characters shown, line ends become spaces.
 */
import { visibleText } from './visible-text.ts'

/** A name or a sentence of ours. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|#!~@]/g, '\\$&')
}

/** What a model wrote: no address in it becomes a link either. */
export function markdownProse(text: string): string {
  return markdownText(text).replace(/[:.]/g, '\\$&')
}
