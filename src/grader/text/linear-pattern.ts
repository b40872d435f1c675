/**
 * @file Patterns that users write, run on text that models write: on RE2, whose time is linear in the text whatever the pattern.
 * JavaScript's own engine backtracks, so a harmless-looking pattern can take hours on 30 characters.
 */
import { RE2JS } from 're2js'
import { PatternUnusableError } from '../errors.ts'

/** Larger patterns can cost more than 50 ms on 10 kB of hostile text. Captures are found by a slower machine than matches. */
const MAX_INSTRUCTIONS = { matching: 300, capturing: 150 }

/** Letters that mean something after a backslash. JavaScript takes any other for itself, which hides mistakes and turns \k<name> into "k<name>". */
const ESCAPES = 'dDwWsSbBnrtfvxucpPAz'

/** A pattern as users give it: the text between the slashes, or a regular expression. */
export interface PatternSource {
  readonly pattern: string | RegExp
  /** Of `i` (letter case), `m` (^ and $ at lines), `s` (the dot takes line breaks), `u` (always on). */
  readonly flags?: string | undefined
  /** Whether `capture` will be asked: then the pattern may only be half as long. */
  readonly captures?: boolean | undefined
}

/** A compiled pattern. */
export interface LinearPattern {
  /** Whether it matches anywhere in the text. */
  readonly test: (text: string) => boolean
  /** Whether it matches the whole text. */
  readonly testWhole: (text: string) => boolean
  /** What a group captured in the first match, or in the match of the whole text; null without match, or where the group took no part. */
  readonly capture: (text: string, group: number | string, whole: boolean) => string | null
  /** Whether the pattern has the group. */
  readonly hasGroup: (group: number | string) => boolean
}

/**
 * A pattern in JavaScript's syntax, without look-around and backreferences. `\s`, `\w`, `\b` know ASCII only, and the dot leaves out `\n` only.
 * @throws PatternUnusableError
 */
export function compilePattern({ pattern, flags, captures }: PatternSource, where: string): LinearPattern {
  const source = typeof pattern === 'string' ? pattern : pattern.source
  const compiled = compile(source, flagBits(flags ?? (typeof pattern === 'string' ? '' : pattern.flags), source, where), where)
  const limit = captures === true ? MAX_INSTRUCTIONS.capturing : MAX_INSTRUCTIONS.matching
  if (compiled.programSize() > limit)
    throw new PatternUnusableError({
      pattern: source,
      where,
      reason: `it is ${compiled.programSize()} instructions long, at most ${limit} are quick enough`,
    })
  return {
    test: (text) => compiled.test(text),
    testWhole: (text) => compiled.testExact(text),
    capture: (text, group, whole) => {
      // Whether it matches at all is quick to tell.
      if (!(whole ? compiled.testExact(text) : compiled.test(text))) return null
      const matcher = compiled.matcher(text)
      return (whole ? matcher.matches() : matcher.find()) ? matcher.group(group) : null
    },
    hasGroup: (group) => (typeof group === 'number' ? group <= compiled.groupCount() : Object.hasOwn(compiled.namedGroups(), group)),
  }
}

function compile(source: string, flags: number, where: string): RE2JS {
  const unknown = [...source.matchAll(/\\(.)/gsu)].find(([, letter = '']) => /[a-zA-Z]/.test(letter) && !ESCAPES.includes(letter))
  if (unknown !== undefined)
    throw new PatternUnusableError({ pattern: source, where, reason: `invalid escape sequence: \`${unknown[0]}\`` })
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), flags)
  } catch (error) {
    throw new PatternUnusableError({
      pattern: source,
      where,
      reason: error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error),
    })
  }
}

function flagBits(flags: string, source: string, where: string): number {
  let bits = 0
  for (const flag of flags) {
    if (flag === 'i') bits |= RE2JS.CASE_INSENSITIVE
    else if (flag === 'm') bits |= RE2JS.MULTILINE
    else if (flag === 's') bits |= RE2JS.DOTALL
    else if (flag !== 'u' && flag !== 'g')
      throw new PatternUnusableError({ pattern: source, where, reason: `the flag "${flag}" is not one of i, m, s, u` })
  }
  return bits
}
