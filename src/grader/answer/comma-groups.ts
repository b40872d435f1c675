/**
 * @file What commas and points in numbers are: separators of members, of thousands, or the decimal mark. 25,100 is one number, 25,100,55 three.
 */

/** What stands before the fraction of a number. */
export type DecimalMark = 'point' | 'comma'

const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/
const PIECE = /[([{⦃]|[)\]}⦄]|\d+(?:[.,]\d+)*|,(?=\S)/g

/** Whether commas outside brackets group thousands: only when every comma without a space behind it does. */
export function commasGroup(text: string): boolean {
  let depth = 0
  for (const [piece] of text.matchAll(PIECE)) {
    if ('([{⦃'.includes(piece)) depth += 1
    else if (')]}⦄'.includes(piece)) depth -= 1
    else if (depth === 0 && piece.includes(',') && !GROUPED.test(piece)) return false
  }
  return true
}

/** 1.234,5 is a number with a decimal comma or a list of two: nobody can say. */
export function hasTwoReadings(text: string): boolean {
  return /(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+,\d+(?![\d.,]*[.,]?\d)/.test(text)
}

const GROUPED_BY_POINTS = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/
/** A point that no group of thousands can follow. */
const ONLY_DECIMAL = /^(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,}))$/

/**
 * A text whose decimal mark is the comma, with points as decimal marks: 1.234,5 becomes 1234.5, and so does 3{,}14 3.14. A comma with a space behind it
 * and a semicolon separate members. Null where a number has no reading: 1,234,567.
 */
export function withDecimalPoints(text: string): string | null {
  let readable = true
  const plain = text.replace(/(\d)\{,\}(?=\d)/g, '$1,').replace(/\d+(?:[.,]\d+)*|,\d+/g, (run) => {
    if (/^\d*,\d+$/.test(run)) return run.replace(',', '.')
    if (GROUPED_BY_POINTS.test(run)) return run.replaceAll('.', '').replace(',', '.')
    if (run.includes('.') || run.includes(',')) readable &&= ONLY_DECIMAL.test(run)
    return run
  })
  return readable ? plain : null
}
