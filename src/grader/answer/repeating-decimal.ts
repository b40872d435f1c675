/**
 * @file Decimals that repeat for ever: 0.\overline{3}, 0.\dot{1}4285\dot{7}, 0.(3), 0.333...
 */
import { add, ratio } from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'

/** A repeating decimal as it stands in a text, and what it is. */
export interface RepeatingDecimal {
  readonly text: string
  readonly value: Rational
}

const WHOLE = String.raw`(?<whole>0|[1-9]\d{0,30})?\.`
const FORMS = [
  String.raw`(?<once>\d{0,30})\\(?:overline|bar) ?(?:\{ ?(?<block>\d{1,30}) ?\}|(?<digit>\d))`,
  String.raw`(?<once>\d{0,30})\\dot ?(?:\{ ?(?<first>\d) ?\}|(?<bare>\d))(?:(?<middle>\d{0,30})\\dot ?(?:\{ ?(?<last>\d) ?\}|(?<end>\d)))?`,
  String.raw`(?<once>\d{0,30}?)(?<marked>(?:\d[\u0304\u0305\u0307]){1,30})`,
  // 0.1(6) may also be a product, or 0.1 with an uncertainty: only the form without digits before the bracket has one reading.
  String.raw`(?<once>)\((?<block>\d{1,30})\)`,
  // Three times the same digits: 3.1414... may be anything.
  String.raw`(?<once>\d{0,30}?)(?<block>\d{1,6})\k<block>{2,}(?:…|\.\.\.)`,
].map((form) => new RegExp(`${WHOLE}${form}(?:…|\\.\\.\\.)?`, 'y'))

/** The repeating decimal that stands at an index of a text; null where none does. */
export function repeatingDecimalAt(text: string, at: number): RepeatingDecimal | null {
  for (const form of FORMS) {
    form.lastIndex = at
    const match = form.exec(text)
    if (match === null) continue
    const { whole = '0', once = '', block, digit, first, bare, middle = '', last, end, marked } = match.groups ?? {}
    const repeated = block ?? digit ?? marked?.replace(/\D/g, '') ?? `${first ?? bare ?? ''}${middle}${last ?? end ?? ''}`
    const before = ratio(BigInt(whole + once), 10n ** BigInt(once.length))
    const value = add(before, ratio(BigInt(repeated), 10n ** BigInt(once.length) * (10n ** BigInt(repeated.length) - 1n)))
    return value === null || /\d/.test(text[at + match[0].length] ?? '') ? null : { text: match[0], value }
  }
  return null
}
