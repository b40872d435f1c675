/**
 * @file Takes out of an eval file's source what is data with an identity of its own (cases, prompt, settings of evals and suites), so that what is left is
 * the code that grades. It knows the shapes `defineEval({ … })` and `defineSuite({ … })`, where those are Holdfast's, and nothing of what stands inside.
 */
import { parse } from 'acorn'
import type { AnyNode, CallExpression, ImportDeclaration, ObjectExpression, Property, VariableDeclarator } from 'acorn'

/** By the function that is called: the members of its object whose values are, or hold, code that decides grades. */
const GRADING: Readonly<Record<string, ReadonlySet<string>>> = {
  defineEval: new Set(['graders', 'auditGraders', 'parse']),
  defineSuite: new Set(['features', 'retention']),
}
/** What Holdfast is imported as. */
export const OURS = /^holdfast(\/|$)/

/** `javascript` with every other member of a `defineEval({ … })` or `defineSuite({ … })` replaced by 0. Source that cannot be parsed comes back whole. */
export function blankData(javascript: string): string {
  const program = parsed(javascript)
  if (program === null) return javascript
  const names = namesOfOurs(program)
  const blanked = givenObjects(program, names).flatMap(({ object, grading }) =>
    object.properties.filter((member) => isData(member, grading)),
  )
  let rest = javascript
  for (const { start, end, key } of (blanked as readonly Property[]).toSorted((one, other) => other.start - one.start))
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

/** Spread members stay, and computed ones: what they hold is not seen. So do those that hold an eval. */
function isData(member: ObjectExpression['properties'][number], grading: ReadonlySet<string>): member is Property {
  if (member.type !== 'Property' || member.computed) return false
  const name = member.key.type === 'Identifier' ? member.key.name : member.key.type === 'Literal' ? String(member.key.value) : null
  return name !== null && !grading.has(name)
}

/** What a file calls our functions: a function of the same name that comes from elsewhere may grade by what it is given. */
interface OwnNames {
  readonly functions: ReadonlyMap<string, string>
  readonly namespaces: ReadonlySet<string>
}

function namesOfOurs(program: AnyNode): OwnNames {
  const functions = new Map<string, string>()
  const namespaces = new Set<string>()
  for (const node of everyNode(program)) {
    if (node.type === 'ImportDeclaration' && OURS.test(String(node.source.value))) noteImported(node, functions, namespaces)
    if (node.type === 'VariableDeclarator' && isRequired(node)) noteRequired(node, functions, namespaces)
  }
  return { functions, namespaces }
}

function noteImported({ specifiers }: ImportDeclaration, functions: Map<string, string>, namespaces: Set<string>): void {
  for (const specifier of specifiers) {
    if (specifier.type !== 'ImportSpecifier') namespaces.add(specifier.local.name)
    else if (specifier.imported.type === 'Identifier') functions.set(specifier.local.name, specifier.imported.name)
  }
}

function noteRequired({ id }: VariableDeclarator, functions: Map<string, string>, namespaces: Set<string>): void {
  if (id.type === 'Identifier') namespaces.add(id.name)
  if (id.type !== 'ObjectPattern') return
  for (const member of id.properties)
    if (member.type === 'Property' && member.key.type === 'Identifier' && member.value.type === 'Identifier')
      functions.set(member.value.name, member.key.name)
}

function isRequired({ init }: VariableDeclarator): boolean {
  if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier' || init.callee.name !== 'require') return false
  const [asked] = init.arguments
  return asked?.type === 'Literal' && OURS.test(String(asked.value))
}

interface GivenObject {
  readonly object: ObjectExpression
  readonly grading: ReadonlySet<string>
}

/** The objects that calls of our functions are given; of an eval's, the outermost. */
function givenObjects(node: AnyNode, names: OwnNames): readonly GivenObject[] {
  const called = node.type === 'CallExpression' ? calledOf(node, names) : null
  const grading = called === null ? undefined : GRADING[called]
  const [given] = node.type === 'CallExpression' ? node.arguments : []
  if (grading === undefined || given?.type !== 'ObjectExpression') return childrenOf(node).flatMap((child) => givenObjects(child, names))
  const inside = called === 'defineEval' ? [] : given.properties.filter((member) => !isData(member, grading))
  return [{ object: given, grading }, ...inside.flatMap((member) => givenObjects(member, names))]
}

function calledOf({ callee }: CallExpression, { functions, namespaces }: OwnNames): string | null {
  if (callee.type === 'Identifier') return functions.get(callee.name) ?? null
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.property.type !== 'Identifier') return null
  return namespaces.has(callee.object.name) ? callee.property.name : null
}

function* everyNode(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of childrenOf(node)) yield* everyNode(child)
}

function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flatMap((member: unknown) => (Array.isArray(member) ? member : [member]).filter(isNode))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
