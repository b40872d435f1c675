/**
 * @file What the syntax of JavaScript tests says about them: whether an expression states that something is so, whether a statement always fails.
 */
import type { AnyNode, CallExpression, Expression, Program, Super } from 'acorn'

const COMPARISONS = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'instanceof', 'in'])
/** Methods whose answer is true or false. */
const PREDICATES = new Set(
  'is isNaN isInteger isSafeInteger isFinite isArray every some includes startsWith endsWith has hasOwn test isDeepStrictEqual'.split(' '),
)

const VARIABLE = new Set('Identifier CallExpression NewExpression ThisExpression AwaitExpression YieldExpression'.split(' '))

/** The nodes right below a node. */
export function children(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Whether an expression has anything but constants in it. */
export function saysSomething(node: AnyNode): boolean {
  return VARIABLE.has(node.type) || children(node).some(saysSomething)
}

/** Whether an expression, as a whole test, says that something is so. A bare call does not. */
export function statesTruth(node: Expression): boolean {
  if (node.type === 'LogicalExpression') return node.operator !== '??' && statesTruth(node.left) && statesTruth(node.right)
  if (node.type === 'CallExpression')
    return node.callee.type === 'MemberExpression' && PREDICATES.has(nameOf(node.callee)) && node.arguments.some(saysSomething)
  const isStatement =
    (node.type === 'BinaryExpression' && COMPARISONS.has(node.operator)) || (node.type === 'UnaryExpression' && node.operator === '!')
  return isStatement && saysSomething(node)
}

/** Whether a statement always ends in a failure: `throw`, `assert.fail()`, `assert(false)`, or a block of such. */
export function alwaysFails(node: AnyNode | null | undefined): boolean {
  if (node === null || node === undefined) return false
  if (node.type === 'BlockStatement') return node.body.some(alwaysFails)
  if (node.type === 'ThrowStatement') return true
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') return false
  const { callee, arguments: given } = node.expression
  if (nameOf(callee) === 'fail') return true
  const [first] = given
  return rootOf(node.expression) === 'assert' && first?.type === 'Literal' && !first.value
}

/** Whether an assertion is about constants alone, like `assert(true)`. */
export function isIdleAssertion(call: CallExpression): boolean {
  const root = rootOf(call)
  const isConsole = root === 'console' && nameOf(call.callee) === 'assert'
  return (isConsole || root === 'assert' || root === 'expect') && nameOf(call.callee) !== 'fail' && !argumentsOf(call).some(saysSomething)
}

/** All arguments of a chain of calls: of `expect(a).toBe(b)` both. */
function argumentsOf(call: CallExpression): readonly AnyNode[] {
  const { callee } = call
  const inner = callee.type === 'MemberExpression' ? innerCall(callee.object) : null
  return [...(inner === null ? [] : argumentsOf(inner)), ...call.arguments]
}

function innerCall(node: Expression | Super): CallExpression | null {
  if (node.type === 'CallExpression') return node
  return node.type === 'MemberExpression' ? innerCall(node.object) : null
}

/** The name with which a chain of calls and members begins. */
function rootOf(node: Expression | Super): string {
  if (node.type === 'CallExpression') return rootOf(node.callee)
  if (node.type === 'MemberExpression') return rootOf(node.object)
  return node.type === 'Identifier' ? node.name : ''
}

function nameOf(callee: Expression | Super): string {
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') return callee.property.name
  return callee.type === 'Identifier' ? callee.name : ''
}

/** Functions at the top of a program that are named like tests, take nothing, and are called nowhere in it. */
export function testFunctions(program: Program): readonly string[] {
  const declared = program.body.flatMap((node) => {
    if (node.type === 'FunctionDeclaration') return [{ name: node.id.name, count: node.params.length }]
    if (node.type !== 'VariableDeclaration') return []
    return node.declarations.flatMap(({ id, init }) => {
      const isFunction = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression'
      return id.type === 'Identifier' && isFunction ? [{ name: id.name, count: init.params.length }] : []
    })
  })
  const named = declared.filter(({ name, count }) => /^test.+/.test(name) && count === 0).map(({ name }) => name)
  const mentions = mentionCounts(program)
  return [...new Set(named)].filter((name) => mentions.get(name) === 1)
}

/** How often each name stands in a program, its declaration included. */
export function mentionCounts(node: AnyNode, counts = new Map<string, number>()): ReadonlyMap<string, number> {
  if (node.type === 'Identifier') counts.set(node.name, (counts.get(node.name) ?? 0) + 1)
  for (const child of children(node)) mentionCounts(child, counts)
  return counts
}
