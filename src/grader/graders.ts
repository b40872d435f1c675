/**
 * @file All graders under one name, for eval files: `graders.jsonMatch({ … })`.
 */
import { grader } from './custom-grader.ts'
import { exactMatch } from './exact-match.ts'
import { isoDate } from './iso-date.ts'
import { jsonMatch } from './json-match.ts'
import { label } from './label.ts'
import { number } from './number.ts'

interface Graders {
  readonly exactMatch: typeof exactMatch
  readonly label: typeof label
  readonly number: typeof number
  readonly isoDate: typeof isoDate
  readonly jsonMatch: typeof jsonMatch
  readonly custom: typeof grader
}

/** The built-in graders, and `custom` to make one from a function. */
export const graders: Graders = { exactMatch, label, number, isoDate, jsonMatch, custom: grader }
