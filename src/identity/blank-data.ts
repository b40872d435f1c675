/**
 * @file Takes out of an eval file's source what is data with an identity of its own (cases, prompt, settings of evals and suites), so that what is left is
 * the code that grades. It knows the shapes `defineEval({ … })` and `defineSuite({ … })`, where those are Holdfast's, and nothing of what stands inside.
 */
import type { AnyNode, CallExpression, ImportDeclaration, ObjectExpression, Property, VariableDeclarator } from 'acorn'
import { dropUnusedData } from './drop-unused-data.ts'
import { childrenOf, everyNode, parsed } from './parse-code.ts'

/** By the function that is called: the members of its object whose values are, or hold, code that decides grades. */
const GRADING: Readonly<Record<string, ReadonlySet<string>>> = {
  defineEval: new Set(['graders', 'auditGraders', 'parse']),
  defineSuite: new Set(['features', 'retention']),
}
/** What Holdfast is imported as. */
export const OURS = /^holdfast(\/|$)/

/**
 * `javascript` without the other members of every `defineEval({ … })` and `defineSuite({ … })`, and without what only those were made of. Source that
 * cannot be parsed comes back whole.
 */
export function blankData(javascript: string): string {
  const program = parsed(javascript)
  if (program === null) return javascript
  const given = givenObjects(program, namesOfOurs(program)).toSorted((one, other) => one.object.start - other.object.start)
  return dropUnusedData(javascript, withoutData(javascript, given, [0, javascript.length]))
}

/** What stands from `start` to `end`, without the members that are data. `given` is in the order of the source, what holds others first. */
function withoutData(javascript: string, given: readonly GivenObject[], [start, end]: readonly [number, number]): string {
  let text = ''
  let at = start
  for (const { object, grading } of given) {
    if (object.start < at || object.end > end) continue
    const kept = object.properties.filter((member) => !isData(member, grading))
    const members = kept.map((member) => withoutData(javascript, given, [member.start, member.end]))
    text += `${javascript.slice(at, object.start)}{${members.join(',')}}`
    at = object.end
  }
  return text + javascript.slice(at, end)
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
