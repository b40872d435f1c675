/**
 * @file Marks the source of JavaScript tests, so that the sandbox can count what they assert and awaits what they leave unawaited. It reads only what
 * the tests' author wrote, never a candidate's code.
 */
import { parse } from 'acorn'
import type { AnyNode, ImportDeclaration, Program } from 'acorn'
import { alwaysFails, children, isIdleAssertion, mentionCounts, saysSomething, statesTruth, testFunctions } from './javascript-syntax.ts'

/** Marked source, or why it is no program. */
export type MarkedTests = { readonly source: string } | { readonly syntaxError: string }

/** A program of tests: functions that are named like tests and that nothing calls are declared at its end. */
export function markProgram(source: string): MarkedTests {
  return marked(source, (program) => {
    const names = testFunctions(program)
    return `${edited(source, program)}\n;holdfast$declare([${names.map((name) => `["${name}", ${name}]`).join()}])`
  })
}

/** One test of a list: an expression that says that something is so must be true; any other source asserts what it asserts. */
export function markStatement(source: string): MarkedTests {
  return marked(source, (program) => {
    const [only, ...more] = program.body
    const isTruth = only?.type === 'ExpressionStatement' && more.length === 0 && statesTruth(only.expression)
    return isTruth ? `holdfast$truth((${source.slice(only.expression.start, only.expression.end)}))` : edited(source, program)
  })
}

function marked(source: string, write: (program: Program) => string): MarkedTests {
  try {
    return { source: write(parse(source, { ecmaVersion: 'latest', ...ANYWHERE })) }
  } catch (error) {
    return { syntaxError: error instanceof Error ? error.message : String(error) }
  }
}

const ANYWHERE = { allowImportExportEverywhere: true, allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true } as const

/** Text around a stretch of source, or instead of it. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
  readonly instead?: string
}

interface Piece {
  readonly at: number
  readonly end?: number
  readonly text: string
}

/** Source with its edits; where two begin at the same index, the outer one was found first. */
function edited(source: string, program: Program): string {
  const edits: Edit[] = []
  visit(program, { edits, mentions: mentionCounts(program) })
  const opened = edits.flatMap(({ start, before, instead }) => (instead === undefined ? [{ at: start, text: before }] : []))
  const closed = edits.toReversed().flatMap(({ end, after, instead }) => (instead === undefined ? [{ at: end, text: after }] : []))
  const replaced = edits.flatMap(({ start, end, instead }) => (instead === undefined ? [] : [{ at: start, end, text: instead }]))
  // Stable: what closes at an index comes before what opens there.
  const pieces: readonly Piece[] = [...closed, ...opened, ...replaced].toSorted((a, b) => a.at - b.at)
  let text = ''
  let copied = 0
  for (const piece of pieces) {
    text += source.slice(copied, piece.at) + piece.text
    copied = piece.end ?? piece.at
  }
  return text + source.slice(copied)
}

interface Marking {
  readonly edits: Edit[]
  readonly mentions: ReadonlyMap<string, number>
}

function visit(node: AnyNode, source: Marking): void {
  const { edits } = source
  const around = ({ start, end }: AnyNode, before: string, after: string): void => void edits.push({ start, end, before, after })
  if (node.type === 'ImportDeclaration') {
    edits.push({ start: node.start, end: node.end, before: '', after: '', instead: required(node) })
    return
  }
  // Its value goes nowhere: a promise there is awaited, and fails the test where it is rejected.
  const dropped = droppedValue(node, source.mentions)
  if (dropped !== null) around(dropped, 'holdfast$watch((', '))')
  if (node.type === 'CallExpression' && isIdleAssertion(node)) around(node, '(holdfast$idle(() => (', ')))')
  if (node.type === 'IfStatement' && (alwaysFails(node.consequent) || alwaysFails(node.alternate)) && saysSomething(node.test))
    around(node.test, 'holdfast$mark((', '))')
  // An exception that had to come did, before the assertion that would have failed.
  if (
    node.type === 'TryStatement' &&
    node.handler &&
    node.block.body.some((statement) => alwaysFails(statement) && statement.type !== 'ThrowStatement')
  )
    edits.push({ start: node.handler.body.start + 1, end: node.handler.body.start + 1, before: 'holdfast$mark();', after: '' })
  for (const child of children(node)) visit(child, source)
}

/** An expression whose value nothing can use: a statement, the operand of void, a variable that is never mentioned again. */
function droppedValue(node: AnyNode, mentions: Marking['mentions']): AnyNode | null {
  if (node.type === 'ExpressionStatement') return node.directive === undefined ? node.expression : null
  if (node.type === 'UnaryExpression') return node.operator === 'void' ? node.argument : null
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return null
  return mentions.get(node.id.name) === 1 ? (node.init ?? null) : null
}

/** An import as a call: the sandbox has no modules and answers for the few that tests use. */
function required({ specifiers, source }: ImportDeclaration): string {
  const from = (local?: string): string => `require(${JSON.stringify(source.value)}${local === undefined ? '' : `, "${local}"`})`
  const names = specifiers.flatMap((part) => {
    if (part.type !== 'ImportSpecifier') return []
    const imported = part.imported.type === 'Identifier' ? part.imported.name : String(part.imported.value)
    return [`${JSON.stringify(imported)}: ${part.local.name}`]
  })
  const whole = specifiers.flatMap((part) =>
    part.type === 'ImportSpecifier' ? [] : [`const ${part.local.name} = ${from(part.local.name)};`],
  )
  return `${whole.join('')}${names.length > 0 ? `const { ${names.join()} } = ${from()};` : ''}${specifiers.length === 0 ? `${from()};` : ''}`
}
