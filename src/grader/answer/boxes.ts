/**
 * @file The boxes of a text: what stands in each \boxed{…}, and boxes that are one answer together: \boxed{1} and \boxed{-2}.
 */
import { isTakenBack } from '../text/denial.ts'
import { boxedAt } from './plain-answer.ts'

/** What stands in a box. */
interface Box {
  readonly inner: string
  readonly start: number
  readonly end: number
}

const LONGEST_JOINT = 60
const OPENING = /\\(?:boxed|fbox) *\{/g
/** Layout between two boxes: white space in one line, dollar signs, \( and \quad. */
const LAYOUT = /\$|\\[()[\],;:! ]|\\q?quad\b|\\text *(?=\{)|[{}]|[ \t]/g
/** What joins two boxes into one answer, without layout. */
const JOINT = /^(?:(?<comma>[,;])|,?(?<word>and|or))$/
/** Words that deny what comes next: "it is not 14". */
const NEGATION =
  /(?:\b(?:not|never|neither|nor|cannot|without|except|unlike|wrong|incorrect)|n't|rather than|instead of|other than)[\s:*$\\({[]*(?:(?:equal to|simply|just|really|actually|the|a|an|be|is|in|on|by)[\s:*$\\({[]+){0,3}$/i
const LOOKED_AT = 60

/** The answers in boxes, outermost ones only, the last one last; null where a box never closes or is denied, or where there are more than `most` in `strict`. */
export function boxedAnswers(
  text: string,
  { strict, most }: { readonly strict: boolean; readonly most: number },
): readonly string[] | null {
  const boxes: Box[] = []
  OPENING.lastIndex = 0
  for (let match = OPENING.exec(text); match !== null; match = OPENING.exec(text)) {
    const box = boxedAt(text, match.index)
    if (box === null || isNegatedAt(text, match.index) || isTakenBack(text, box.end)) return null
    boxes.push({ inner: box.inner.trim(), start: match.index, end: box.end })
    if (boxes.length > most) {
      if (strict) return null
      boxes.shift()
    }
    OPENING.lastIndex = box.end
  }
  return joined(text, boxes)
}

/** Boxes with nothing but a comma, "and" or "or" between them are one answer, unless they say the same. */
function joined(text: string, boxes: readonly Box[]): readonly string[] {
  const answers: string[] = []
  for (const [index, { inner, start }] of boxes.entries()) {
    const before = boxes[index - 1]
    const between = before === undefined ? '' : text.slice(before.end, start)
    const joint = between.length > LONGEST_JOINT ? undefined : JOINT.exec(between.replace(LAYOUT, ''))?.groups
    const last = answers.at(-1)
    if (joint === undefined || last === undefined) answers.push(inner)
    else if (last !== inner)
      answers.splice(-1, 1, `${last}${joint['word'] === undefined ? `${joint['comma']} ` : ` ${joint['word']} `}${inner}`)
  }
  return answers
}

/** Whether the words just before an index deny what stands there. */
function isNegatedAt(text: string, at: number): boolean {
  return NEGATION.test(text.slice(Math.max(0, at - LOOKED_AT), at).replaceAll('’', "'"))
}
