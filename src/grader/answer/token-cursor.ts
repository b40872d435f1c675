/**
 * @file Reads a list of tokens, with the brackets matched beforehand.
 */
import type { Token } from './answer-tokens.ts'

const MAX_DEPTH = 60
const OPENING = '([{⦃'
const CLOSING = ')]}⦄'

/** Where a bracket opens and closes, and whether members stand in it. */
export interface Bracket {
  readonly open: number
  readonly close: number
  readonly separated: boolean
}

/** Reads tokens from left to right. */
export class TokenCursor {
  readonly text: string
  readonly #tokens: readonly Token[]
  readonly #brackets: ReadonlyMap<number, Bracket>
  #at = 0
  #depth = 0

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text
    this.#tokens = tokens
    this.#brackets = matchBrackets(tokens)
  }

  /** The token that comes next, or one `ahead` of it. */
  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  next(): Token | undefined {
    const token = this.#tokens[this.#at]
    this.#at += 1
    return token
  }

  /** Whether the next token is one of these marks or commands. */
  sees(...texts: readonly string[]): boolean {
    const token = this.peek()
    return token !== undefined && (token.kind === 'mark' || token.kind === 'command') && texts.includes(token.text)
  }

  /** Takes the next token if it is this mark or command. */
  take(text: string): boolean {
    const seen = this.sees(text)
    if (seen) this.#at += 1
    return seen
  }

  /** The bracket that the next token opens. */
  bracket(): Bracket | undefined {
    return this.#brackets.get(this.#at)
  }

  /** The token at an index of the whole list. */
  at(index: number): Token | undefined {
    return this.#tokens[index]
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** Runs a reader one level deeper; null when that is too deep. */
  deeper<T>(read: () => T | null): T | null {
    if (this.#depth >= MAX_DEPTH) return null
    this.#depth += 1
    const result = read()
    this.#depth -= 1
    return result
  }
}

function matchBrackets(tokens: readonly Token[]): ReadonlyMap<number, Bracket> {
  const brackets = new Map<number, Bracket>()
  const open: { readonly index: number; separated: boolean }[] = []
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'mark') continue
    const top = open.at(-1)
    if (OPENING.includes(text)) open.push({ index, separated: false })
    else if ((text === ',' || text === ';') && top !== undefined) top.separated = true
    else if (CLOSING.includes(text) && top !== undefined) {
      open.pop()
      brackets.set(top.index, { open: top.index, close: index, separated: top.separated })
    }
  }
  return brackets
}
