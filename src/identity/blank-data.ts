/**
 * @file Takes out of an eval file's source what is data with an identity of its own (cases, prompt, settings), so that what is left is the code that
 * grades. It knows the shape `defineEval({ … })` and nothing of what stands inside.
 */
import { parse } from 'acorn'
import type { AnyNode, CallExpression, ObjectExpression, Property } from 'acorn'

/** Members of `defineEval` whose values are code that decides grades. */
const GRADING: ReadonlySet<string> = new Set(['graders', 'auditGraders', 'parse'])

/** `javascript` with every other member of a `defineEval({ … })` replaced by 0. Source that cannot be parsed comes back whole. */
export function blankData(javascript: string): string {
  const program = parsed(javascript)
  if (program === null) return javascript
  const blanked = evalObjects(program).flatMap((object) => object.properties.filter(isData))
  let rest = javascript
  for (const { start, end, key } of blanked.toSorted((one, other) => other.start - one.start))
    rest = `${rest.slice(0, start)}${javascript.slice(key.start, key.end)}: 0${rest.slice(end)}`
  return rest
}

function parsed(javascript: string): AnyNode | null {
  try {
    return parse(javascript, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true, allowHashBang: true })
  } catch {
    return null
  }
}

/** Spread members stay, and computed ones: what they hold is not seen. */
function isData(member: ObjectExpression['properties'][number]): member is Property {
  if (member.type !== 'Property' || member.computed) return false
  const name = member.key.type === 'Identifier' ? member.key.name : member.key.type === 'Literal' ? String(member.key.value) : null
  return name !== null && !GRADING.has(name)
}

/** The outermost objects that calls of `defineEval` are given. */
function evalObjects(node: AnyNode): readonly ObjectExpression[] {
  if (node.type === 'CallExpression' && isDefineEval(node)) {
    const [given] = node.arguments
    if (given?.type === 'ObjectExpression') return [given]
  }
  return Object.values(node).flatMap((member: unknown) => {
    const children: readonly unknown[] = Array.isArray(member) ? member : [member]
    return children.flatMap((child) => (isNode(child) ? evalObjects(child) : []))
  })
}

function isDefineEval({ callee }: CallExpression): boolean {
  if (callee.type === 'Identifier') return callee.name === 'defineEval'
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'defineEval'
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
