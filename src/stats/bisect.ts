/**
 * @file Finds where a question's answer turns: the one search that inverting a test needs.
 */

/** The point where `below` turns from true to false in the range; an end of the range where it never turns. */
export function bisect([low, high]: readonly [low: number, high: number], below: (x: number) => boolean): number {
  let [left, right] = [low, high]
  for (let i = 0; i < 60 && right - left > 1e-14; i++) {
    const middle = (left + right) / 2
    if (below(middle)) left = middle
    else right = middle
  }
  return (left + right) / 2
}
