/**
 * @file A Jinja template whose rendering is counted: every evaluated node, every character and every element costs, and a template that spends more
 * than messages of this size can need is stopped. What is rendered, it does not know.
 */
import * as jinja from '@huggingface/jinja'

import { pythonEquals, pythonText, type RuntimeValue } from './python-values.ts'

// The library's declarations of these four cannot be found by Node's rules of resolution.
interface Scope {
  set(name: string, value: unknown): RuntimeValue
  lookupVariable(name: string): RuntimeValue
}
interface Interpreter {
  run(program: Node): RuntimeValue
  evaluate(node: Node | undefined, scope: Scope): RuntimeValue
}
/** Of the library's syntax trees, what is looked at. */
interface Node {
  readonly type: string
  readonly body?: readonly Node[]
  readonly alternate?: readonly Node[]
  readonly defaultBlock?: readonly Node[]
  readonly operator?: { readonly value: string }
  readonly left?: Node
  readonly right?: Node
  readonly operand?: Node
  readonly filter?: { readonly type: string; readonly value?: unknown }
}
const { Environment, Interpreter, parse, tokenize } = jinja as unknown as {
  readonly Environment: new () => Scope
  readonly Interpreter: new (scope: Scope) => Interpreter
  readonly parse: (tokens: unknown) => Node
  readonly tokenize: (source: string, options: { readonly lstrip_blocks: boolean; readonly trim_blocks: boolean }) => unknown
}

const MAX_SOURCE_CHARACTERS = 1_000_000
const MAX_RANGE = 100_000
/** Nodes that any conversation may cost, and what each part of the input adds. The longest published templates cost a few hundred a message. */
const BASE_STEPS = 200_000
const STEPS_PER_PART = 2_000
const BASE_CHARACTERS = 4_000_000
const BASE_PARTS = 500_000
/** So many characters cost as much as one node. */
const CHARACTERS_PER_STEP = 64

/** A template that would not come to an end, or not with a text of a sane length. */
export class TemplateLimit extends RangeError {}

/** As transformers sets Jinja up: blocks leave no line breaks, `raise_exception` is there. `strftime_now` is a variable like any other. */
export class BoundedTemplate {
  readonly #program: Node
  readonly #printed = new WeakSet<Node>()

  /** @throws TemplateLimit, and the library's own errors where the source is no template */
  constructor(source: string) {
    if (source.length > MAX_SOURCE_CHARACTERS) throw new TemplateLimit(`it has ${source.length} characters`)
    this.#program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
    notePrinted(this.#program, this.#printed)
  }

  /** @throws TemplateLimit, and what the template raises */
  render(variables: Readonly<Record<string, unknown>>): string {
    const scope = new Environment()
    for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) scope.set(name, value)
    const interpreter = new CountingInterpreter(scope, this.#printed)
    for (const name of Object.keys(variables)) interpreter.allowFor(scope.lookupVariable(name))
    return interpreter.run(this.#program).value as string
  }
}

const GLOBALS: Readonly<Record<string, unknown>> = {
  ...{ false: false, true: true, none: null, False: false, True: true, None: null },
  raise_exception: (message: string) => {
    throw new TypeError(message)
  },
  range,
}

function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (!(length <= MAX_RANGE)) throw new TemplateLimit(`range() of ${length} numbers`)
  return Array.from({ length }, (_, index) => start + index * step)
}

interface Measured {
  readonly length: number
  readonly parts: number
}

/** Every node whose value is written out because it stands in a block by itself. */
function notePrinted(node: Node, printed: WeakSet<Node>): void {
  for (const child of [...(node.body ?? []), ...(node.alternate ?? []), ...(node.defaultBlock ?? [])]) {
    printed.add(child)
    notePrinted(child, printed)
  }
}

/** Statements give texts that are written as they are, or nothing. */
const STATEMENTS = new Set(['Set', 'If', 'For', 'Macro', 'CallStatement', 'FilterStatement', 'Break', 'Continue', 'Comment'])

function toRuntime(value: string | boolean): RuntimeValue {
  return new Environment().set('value', value)
}
const [TRUE, FALSE] = [toRuntime(true), toRuntime(false)]

class CountingInterpreter extends Interpreter {
  readonly #printed: WeakSet<Node>
  #steps = BASE_STEPS
  #maxCharacters = BASE_CHARACTERS
  #maxParts = BASE_PARTS
  readonly #measured = new WeakMap<object, Measured>()

  /** Input of the user's may be as long as it likes. */
  allowFor(input: RuntimeValue): void {
    const parts = this.#partsOf(input)
    this.#steps += parts * STEPS_PER_PART
    this.#maxParts += parts * 4
    this.#maxCharacters += parts * CHARACTERS_PER_STEP * 4
  }

  constructor(scope: Scope, printed: WeakSet<Node>) {
    super(scope)
    this.#printed = printed
  }

  override evaluate(node: Node | undefined, scope: Scope): RuntimeValue {
    this.#spend(1)
    const value = this.#asPython(node, scope) ?? super.evaluate(node, scope)
    if (value.type === 'StringValue') this.#spendText((value.value as string).length)
    else if (typeof value.value === 'object' && this.#partsOf(value) > this.#maxParts)
      throw new TemplateLimit(`a value of more than ${this.#maxParts} parts`)
    const isWritten = node !== undefined && value.type !== 'StringValue' && !STATEMENTS.has(node.type) && this.#printed.has(node)
    return isWritten ? toRuntime(pythonText(value)) : value
  }

  /** Expressions of which the library makes something else than Python. */
  #asPython(node: Node | undefined, scope: Scope): RuntimeValue | undefined {
    if (node?.type === 'FilterExpression' && node.filter?.type === 'Identifier' && node.filter.value === 'string')
      return toRuntime(pythonText(this.evaluate(node.operand, scope)))
    const operator = node?.type === 'BinaryExpression' ? node.operator?.value : undefined
    if (node === undefined || (operator !== '~' && operator !== '==' && operator !== '!=')) return undefined
    const [left, right] = [this.evaluate(node.left, scope), this.evaluate(node.right, scope)]
    if (operator === '~') return toRuntime(pythonText(left) + pythonText(right))
    return pythonEquals(left, right) === (operator === '==') ? TRUE : FALSE
  }

  #spendText(length: number): void {
    if (length > this.#maxCharacters) throw new TemplateLimit(`a text of more than ${this.#maxCharacters} characters`)
    this.#spend(length / CHARACTERS_PER_STEP)
  }

  #spend(steps: number): void {
    this.#steps -= steps
    if (this.#steps < 0) throw new TemplateLimit('more steps than messages of this length can need')
  }

  /** Numbers, texts by their length, lists and mappings, counted once for every time they are written: that is how long their JSON would be. */
  #partsOf({ value }: { readonly value: unknown }): number {
    if (typeof value === 'string') return 1 + value.length / CHARACTERS_PER_STEP
    if (!Array.isArray(value) && !(value instanceof Map)) return 1
    const length = Array.isArray(value) ? value.length : value.size
    const known = this.#measured.get(value)
    if (known?.length === length) return known.parts
    // Whoever has a list will go through it.
    this.#spend(length / 4)
    // Lists can hold themselves: while one is measured, it counts as nothing.
    this.#measured.set(value, { length, parts: 0 })
    let parts = 1
    for (const child of value.values() as Iterable<RuntimeValue>) parts += this.#partsOf(child)
    this.#measured.set(value, { length, parts })
    return parts
  }
}
