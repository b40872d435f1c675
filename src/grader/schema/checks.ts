/**
 * @file What each keyword of a schema asks of a value, prepared once: texts of patterns compiled, references found.
 */
import { applicatorCheck } from './applicators.ts'
import { assertionCheck } from './assertions.ts'
import type { Check, Keyword } from './check.ts'
import { keywordProblem } from './drafts.ts'
import { isOverridden, SchemaProblem } from './schema-set.ts'
import type { Schema } from './schema-set.ts'

/** The questions of a schema; those that ask what the others have looked at come last. @throws SchemaProblem, PatternUnusableError */
export function checksOf(schema: Schema, context: Pick<Keyword, 'set' | 'where' | 'formats'>): readonly Check[] {
  const found = [...schema.node.members].flatMap(([keyword, value]) => {
    if (isOverridden(schema) && keyword !== '$ref') return []
    const problem = keywordProblem(keyword, schema.resource.draft)
    if (problem !== null) throw new SchemaProblem(`${problem} (at ${schema.pointer})`)
    const part: Keyword = { keyword, value, schema, ...context }
    const own = assertionCheck(part)
    const test = own ?? applicatorCheck(part)
    return test === null ? [] : [{ keyword, isDeep: own === null, test }]
  })
  const isLast = ({ keyword }: Check): boolean => keyword.startsWith('unevaluated')
  return [...found.filter((check) => !isLast(check)), ...found.filter(isLast)]
}
