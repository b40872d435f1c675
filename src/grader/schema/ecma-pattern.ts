/**
 * @file Patterns of JSON schemas, which mean what ECMAScript means by them, for RE2: white space and the dot know Unicode, classes have long names.
 */
import { PatternUnusableError } from '../errors.ts'
import { compilePattern } from '../text/linear-pattern.ts'

const SPACES = String.raw`\t\n\x0b\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
const LINE_ENDS = String.raw`\n\r\x{2028}\x{2029}`

/** Long names of general categories, in any of the ways that ECMAScript writes them. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Letter: 'L',
  Uppercase_Letter: 'Lu',
  Lowercase_Letter: 'Ll',
  Titlecase_Letter: 'Lt',
  Modifier_Letter: 'Lm',
  Other_Letter: 'Lo',
  Mark: 'M',
  Number: 'N',
  Decimal_Number: 'Nd',
  digit: 'Nd',
  Letter_Number: 'Nl',
  Other_Number: 'No',
  Punctuation: 'P',
  punct: 'P',
  Symbol: 'S',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Other: 'C',
}

/** Whether a pattern of a schema is found in a text, in time linear in it. @throws PatternUnusableError */
export function schemaPattern(source: string, where: string): (text: string) => boolean {
  return compilePattern({ pattern: translated(source, where) }, where).test
}

function translated(source: string, where: string): string {
  let text = ''
  let isClass = false
  for (let at = 0; at < source.length; at++) {
    const [character, next = ''] = [source[at] as string, source[at + 1]]
    if (character !== '\\') {
      if (character === '[') isClass = true
      if (character === ']') isClass = false
      text += character === '.' && !isClass ? `[^${LINE_ENDS}]` : character
      continue
    }
    at += 1
    const category = next === 'p' || next === 'P' ? /^\{(?:General_Category=|gc=)?(\w+)\}/.exec(source.slice(at + 1, at + 60)) : null
    if (next === 's') text += isClass ? SPACES : `[${SPACES}]`
    else if (next === 'S' && isClass)
      throw new PatternUnusableError({ pattern: source, where, reason: String.raw`\S in a class of characters is not available` })
    else if (next === 'S') text += `[^${SPACES}]`
    else if (category !== null) {
      const [whole, name = ''] = category
      text += `\\${next}{${Object.hasOwn(CATEGORIES, name) ? CATEGORIES[name] : name}}`
      at += whole.length
    } else text += `\\${next}`
  }
  return text
}
