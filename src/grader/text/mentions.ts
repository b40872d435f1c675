/**
 * @file Which of several phrases a text mentions, as words of their own.
 */

/** Finds phrases as words of their own, longer ones first: in "not urgent" it does not find "urgent" too. */
export function mentionPattern(phrases: readonly string[]): RegExp {
  const choices = phrases.toSorted((a, b) => b.length - a.length).map(escapeRegExp)
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${choices.join('|')})(?![\\p{L}\\p{N}_-])`, 'gu')
}

/** The phrases that a text mentions, however often. */
export function mentionsIn(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set(text.match(pattern) ?? [])
}

/** Every mention with where it begins and ends. */
export function mentionSpans(
  text: string,
  pattern: RegExp,
): readonly { readonly start: number; readonly end: number; readonly says: string }[] {
  return Array.from(text.matchAll(pattern), ({ 0: says, index }) => ({ start: index, end: index + says.length, says }))
}

/** The text as a pattern that matches it and nothing else, with and without flag `u`, which allows no `\-`. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replaceAll('-', String.raw`\x2d`)
}
