/**
 * @file All graders under one name, for eval files: `graders.jsonMatch({ … })`.
 */
import { answer } from './answer.ts'
import { contains } from './contains.ts'
import { grader } from './custom-grader.ts'
import { date } from './date.ts'
import { editDistance } from './edit-distance.ts'
import { embeddingSimilarity } from './embedding-similarity.ts'
import { exactMatch } from './exact-match.ts'
import { formula } from './formula.ts'
import { ifeval } from './ifeval.ts'
import { isoDate } from './iso-date.ts'
import { javascript } from './javascript.ts'
import { jsonMatch } from './json-match.ts'
import { jsonSchema } from './json-schema.ts'
import { judge } from './judge.ts'
import { label } from './label.ts'
import { list } from './list.ts'
import { number } from './number.ts'
import { oneOf } from './one-of.ts'
import { python } from './python.ts'
import { regex } from './regex.ts'
import { fromRft } from './rft/from-rft.ts'
import { runsTests } from './runs-tests.ts'
import { set } from './set.ts'
import { bleu, rouge, textSimilarity } from './similarity/text-similarity.ts'
import { toolCall } from './tool-call.ts'
import { weighted } from './weighted.ts'

interface Graders {
  readonly exactMatch: typeof exactMatch
  readonly contains: typeof contains
  readonly oneOf: typeof oneOf
  readonly regex: typeof regex
  readonly label: typeof label
  readonly answer: typeof answer
  readonly number: typeof number
  readonly date: typeof date
  readonly isoDate: typeof isoDate
  readonly list: typeof list
  readonly set: typeof set
  readonly jsonMatch: typeof jsonMatch
  readonly jsonSchema: typeof jsonSchema
  readonly toolCall: typeof toolCall
  readonly editDistance: typeof editDistance
  readonly bleu: typeof bleu
  readonly rouge: typeof rouge
  readonly textSimilarity: typeof textSimilarity
  readonly embeddingSimilarity: typeof embeddingSimilarity
  readonly judge: typeof judge
  readonly javascript: typeof javascript
  readonly python: typeof python
  readonly runsTests: typeof runsTests
  readonly ifeval: typeof ifeval
  readonly weighted: typeof weighted
  readonly formula: typeof formula
  readonly fromRft: typeof fromRft
  readonly custom: typeof grader
}

/** The built-in graders, and `custom` to make one from a function. */
export const graders: Graders = {
  exactMatch,
  contains,
  oneOf,
  regex,
  label,
  answer,
  number,
  date,
  isoDate,
  list,
  set,
  jsonMatch,
  jsonSchema,
  toolCall,
  editDistance,
  bleu,
  rouge,
  textSimilarity,
  embeddingSimilarity,
  judge,
  javascript,
  python,
  runsTests,
  ifeval,
  weighted,
  formula,
  fromRft,
  custom: grader,
}
