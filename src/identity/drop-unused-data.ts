/**
 * @file Takes out of a module what only its blanked data was made of: constants that nothing else asks for and whose making does nothing besides. What
 * might do more, by a call that is not known here or by setting something, stays.
 */
import { isBuiltin } from 'node:module'
import type { AnyNode, VariableDeclaration } from 'acorn'
import { childrenOf, everyNode, parsed } from './parse-code.ts'

/** Functions and methods that give a value and change nothing, as far as what they are given does not. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['Array', 'BigInt', 'Boolean', 'Date', 'Map', 'Number', 'Object', 'RegExp', 'Set', 'String', 'URL', 'structuredClone'],
  ...[
    'at',
    'concat',
    'entries',
    'every',
    'filter',
    'find',
    'flat',
    'flatMap',
    'from',
    'fromEntries',
    'get',
    'has',
    'includes',
    'indexOf',
    'join',
    'keys',
  ],
  ...[
    'map',
    'match',
    'matchAll',
    'of',
    'padEnd',
    'padStart',
    'parse',
    'reduce',
    'repeat',
    'replace',
    'replaceAll',
    'slice',
    'some',
    'split',
    'startsWith',
  ],
  ...[
    'endsWith',
    'stringify',
    'toFixed',
    'toLowerCase',
    'toReversed',
    'toSorted',
    'toString',
    'toUpperCase',
    'trim',
    'trimEnd',
    'trimStart',
    'values',
  ],
  ...['ceil', 'floor', 'max', 'min', 'round', 'abs', 'dirname', 'fileURLToPath', 'readFileSync', 'resolve'],
])

const EFFECTS: ReadonlySet<string> = new Set([
  'AssignmentExpression',
  'AwaitExpression',
  'ImportExpression',
  'TaggedTemplateExpression',
  'UpdateExpression',
])

/** `rest` is what is left of `javascript`. Constants that were asked for before, and are not now, go. */
export function dropUnusedData(javascript: string, rest: string): string {
  const before = parsed(javascript)
  const now = parsed(rest)
  if (before === null || now === null) return rest
  const asked = namesIn(before.body)
  let kept: readonly AnyNode[] = now.body
  for (let count = -1; count !== kept.length;) {
    count = kept.length
    kept = kept.filter((node) => !isUnused(node, { asked, now: namesIn(kept), body: kept }))
  }
  return kept.map(({ start, end }) => rest.slice(start, end)).join('\n')
}

interface Use {
  /** How often each name stood in the whole module, and stands in what is left. */
  readonly asked: ReadonlyMap<string, number>
  readonly now: ReadonlyMap<string, number>
  readonly body: readonly AnyNode[]
}

function isUnused(node: AnyNode, { asked, now, body }: Use): boolean {
  // Modules of Node itself do nothing when they are imported.
  if (node.type === 'ImportDeclaration' && isBuiltin(String(node.source.value))) {
    const own = namesIn([node])
    const locals = node.specifiers.map(({ local }) => local.name)
    return locals.length > 0 && locals.every((name) => now.get(name) === own.get(name) && asked.get(name) !== own.get(name))
  }
  if (node.type !== 'VariableDeclaration' || node.declarations.length !== 1) return false
  const [name, init] = declared(node)
  if (name === null || init === null || now.get(name) !== 1 || (asked.get(name) ?? 0) < 2) return false
  return !hasEffect(init, body, new Set())
}

function declared({ declarations: [only] }: VariableDeclaration): readonly [string | null, AnyNode | null] {
  return [only?.id.type === 'Identifier' ? only.id.name : null, only?.init ?? null]
}

/** Every name counts, members' too: rather one too many. */
function namesIn(body: readonly AnyNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const node of body.flatMap((top) => [...everyNode(top)]))
    if (node.type === 'Identifier') counts.set(node.name, (counts.get(node.name) ?? 0) + 1)
  return counts
}

function hasEffect(node: AnyNode, body: readonly AnyNode[], under: ReadonlySet<string>): boolean {
  if (EFFECTS.has(node.type) || (node.type === 'UnaryExpression' && node.operator === 'delete')) return true
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const name = calledName(node.callee)
    if (name === null || isImportedCode(node.callee, body)) return true
    if (!WITHOUT_EFFECT.has(name) && !isOwnWithoutEffect(name, node.callee, { body, under })) return true
  }
  return childrenOf(node).some((child) => hasEffect(child, body, under))
}

function calledName(callee: AnyNode): string | null {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null
}

/** Whether the function, or what it is a member of, comes from another module than Node's or JSON: under a known name it may do anything. */
function isImportedCode(callee: AnyNode, body: readonly AnyNode[]): boolean {
  const owner = callee.type === 'MemberExpression' ? callee.object : callee
  if (owner.type !== 'Identifier') return false
  const found = body.find((node) => node.type === 'ImportDeclaration' && node.specifiers.some(({ local }) => local.name === owner.name))
  if (found?.type !== 'ImportDeclaration') return false
  const source = String(found.source.value)
  return !isBuiltin(source) && !source.endsWith('.json')
}

/** A function of the module itself that has none. */
function isOwnWithoutEffect(
  name: string,
  callee: AnyNode,
  { body, under }: { readonly body: readonly AnyNode[]; readonly under: ReadonlySet<string> },
): boolean {
  if (callee.type !== 'Identifier' || under.has(name)) return false
  const own = body.find((node) =>
    node.type === 'FunctionDeclaration' ? node.id?.name === name : node.type === 'VariableDeclaration' && declared(node)[0] === name,
  )
  const code = own?.type === 'VariableDeclaration' ? declared(own)[1] : own
  const isFunction = code?.type === 'FunctionDeclaration' || code?.type === 'ArrowFunctionExpression' || code?.type === 'FunctionExpression'
  return isFunction && !hasEffect(code.body, body, new Set([...under, name]))
}
