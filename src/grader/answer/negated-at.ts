/**
 * @file Whether a text denies what it says next: "it is not 14".
 */
const NEGATION =
  /(?:\b(?:not|never|neither|nor|cannot|without|except|unlike|wrong|incorrect)|n't|rather than|instead of|other than)[\s:*$\\({[]*(?:(?:equal to|simply|just|really|actually|the|a|an|be|is|in|on|by)[\s:*$\\({[]+){0,3}$/i
const LOOKED_AT = 60

/** Whether the words just before a place deny it. */
export function isNegatedAt(text: string, at: number): boolean {
  return NEGATION.test(text.slice(Math.max(0, at - LOOKED_AT), at).replaceAll('’', "'"))
}
