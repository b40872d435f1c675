/**
 * @file One spelling for the many ways to write the same characters: Unicode, LaTeX and its layout commands become a small plain alphabet.
 * Changes how an answer is written, never what it says; every step is linear in the text.
 */

/** Longest text that is read as mathematics. Longer answers are compared as text. */
export const MAX_ANSWER_LENGTH = 2_000

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ'
const PLAIN_SUPERSCRIPTS = '0123456789+-n'
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉'
const FRACTIONS: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
  '⅐': '1/7',
  '⅑': '1/9',
  '⅒': '1/10',
}
const CHARACTERS: Readonly<Record<string, string>> = {
  '−': '-',
  '‐': '-',
  '‑': '-',
  '×': '*',
  '⋅': '*',
  '·': '*',
  '∙': '*',
  '∗': '*',
  '÷': '/',
  '∕': '/',
  '⁄': '/',
  π: '\\pi ',
  '√': '\\sqrt ',
  '∅': '\\emptyset ',
  '⩽': '≤',
  '⩾': '≥',
  '’': "'",
  '“': '"',
  '”': '"',
  º: '°',
  ℝ: '\\mathbb{R}',
}

/** Commands that stand for a character of ours, or for nothing at all. */
const COMMANDS: Readonly<Record<string, string>> = {
  cdot: '*',
  times: '*',
  ast: '*',
  div: '/',
  pm: '±',
  mp: '∓',
  cup: '∪',
  cap: '∩',
  le: '≤',
  leq: '≤',
  leqslant: '≤',
  ge: '≥',
  geq: '≥',
  geqslant: '≥',
  lt: '<',
  gt: '>',
  ne: '≠',
  neq: '≠',
  in: '∈',
  infty: '∞',
  degree: '°',
  lbrace: '⦃',
  rbrace: '⦄',
  lvert: '|',
  rvert: '|',
  mid: '|',
  dfrac: '\\frac ',
  tfrac: '\\frac ',
  cfrac: '\\frac ',
  varnothing: '\\emptyset ',
  euro: '€',
  pounds: '£',
  dots: '…',
  ldots: '…',
  cdots: '…',
  quad: ' ',
  qquad: ' ',
  left: '',
  right: '',
  middle: '',
  big: '',
  Big: '',
  bigg: '',
  Bigg: '',
  bigl: '',
  bigr: '',
  Bigl: '',
  Bigr: '',
  biggl: '',
  biggr: '',
  Biggl: '',
  Biggr: '',
  lbrack: '[',
  rbrack: ']',
  lparen: '(',
  rparen: ')',
  newline: '\\\\',
  enspace: ' ',
  thinspace: ' ',
  scriptstyle: '',
  displaystyle: '',
  textstyle: '',
  limits: '',
  '{': '⦃',
  '}': '⦄',
  '%': '%',
  $: '$',
  '&': '&',
  '#': '#',
  _: '_',
  ',': ' ',
  ';': ' ',
  ':': ' ',
  ' ': ' ',
  '!': '',
  '|': '|',
}

const WORDING = /\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mathit|mathsf|operatorname|mbox|hbox|bf|rm)\s*\{([^{}]*)\}/g

/** The answer in the plain alphabet: wrappers taken off, white space as single spaces. */
export function plainAnswer(text: string): string {
  const plain = plainCharacters(text)
  if (!/[\\$^_*~.]|[<>!]=/.test(plain)) return plain
  const words = plain
    .replace(/^\*\*(\(?[A-J]\)?[.:)]?)\*\*/, '$1')
    .replace(WORDING, ' $1 ')
    .replace(/(?<!^)~/g, ' ')
    .replace(/,\\! ?/g, '{,}')
    .replace(/(?:\{\} ?)?\^ ?(?:\\circ(?![a-zA-Z]) ?|\{ ?\\circ ?\})/g, '°')
    .replace(/\\\\ ?\[ ?-?\d*\.?\d+ ?(?:pt|ex|em|mm|cm|in) ?\]/g, '\\\\ ')
    .replace(/(\{[bpB]?matrix)\*\}(?: ?\[[clr]\])?/g, '$1}')
    .replace(/\\\\ ?(?=\\end\b)/g, '')
    .replace(/\{ ?(\\(?:overline|bar|dot) ?(?:\{\d+\}|\d)) ?\}/g, '$1')
    .replace(/\b(sq|cu)\. ?/g, '$1 ')
  const unwrapped = withoutMemberDollars(unwrap(words)).replace(INNER_DOLLARS, '$1$2$3')
  const commands = unwrapped.replace(/\\([a-zA-Z]+|[^a-zA-Z])/g, (whole, name: string) =>
    Object.hasOwn(COMMANDS, name) ? (COMMANDS[name] ?? whole) : whole,
  )
  return commands
    .replaceAll('**', '^')
    .replace(/[<>!]=/g, (sign) => (sign === '<=' ? '≤' : sign === '>=' ? '≥' : '≠'))
    .replace(/(\d) ?[xX] ?(?=10 ?\^)/g, '$1*')
    .replace(/\bUS ?(?=\$)/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** Dollar signs around a part of the text, and no others: $125$ miles. */
const INNER_DOLLARS = /^([^$]*(?<![^ =(,]))\$(?! )([^$]*[^$ ])\$((?![^ .,)])[^$]*)$/

/** "$1$, $2$ and $3$" without dollar signs: nothing but commas, "and" and "or" stands outside them. Prices have them too, but not so. */
function withoutMemberDollars(text: string): string {
  const parts = text.replace(/\\[()]/g, '$').split('$')
  if (parts.length < 5 || parts.length % 2 === 0 || text.includes('\\$')) return text
  const joined = parts.every((part, index) => index % 2 === 1 || /^ ?(?:[,;]|,? ?(?:and|or)\b)? ?$/.test(part))
  return joined ? parts.join('') : text
}

/** The text that remains when dollar signs, \( \), \[ \], a box around the whole and a final period are taken off. */
function unwrap(text: string): string {
  let rest = text.trim()
  for (let layer = 0; layer < 6; layer += 1) {
    const inner = withoutLayer(rest)
    if (inner === null) return rest
    rest = inner.trim()
  }
  return rest
}

function withoutLayer(text: string): string | null {
  if (text.endsWith('.') && !text.endsWith('..')) return text.slice(0, -1)
  for (const [open, close] of [
    ['\\(', '\\)'],
    ['\\[', '\\]'],
    ['$$', '$$'],
    ['$', '$'],
    ['**', '**'],
  ] as const) {
    const inside = text.length >= open.length + close.length && text.startsWith(open) && text.endsWith(close)
    const inner = text.slice(open.length, -close.length)
    if (inside && !inner.includes(open) && !inner.includes(close) && !inner.endsWith('\\')) return inner
  }
  const box = boxedAt(text, text.startsWith('\\boxed') || text.startsWith('\\fbox') ? 0 : -1)
  return box !== null && box.end === text.length ? box.inner : null
}

/** What stands in the braces of the box that begins at `start`; null when there is none or it never closes. */
export function boxedAt(text: string, start: number): { readonly inner: string; readonly end: number } | null {
  const open = start < 0 ? -1 : text.indexOf('{', start)
  if (open < 0 || !/^\\(?:boxed|fbox) *$/.test(text.slice(start, open))) return null
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === '{') depth += 1
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return { inner: text.slice(open + 1, at), end: at + 1 }
    }
  }
  return null
}

const SPECIAL = /[⁰¹²³⁴-⁹⁺⁻ⁿ]+|[₀-₉]+|(\d?) ?([¼-¾⅐-⅞])|[−‐‑×⋅·∙∗÷∕⁄π√∅⩽⩾’“”ºℝ]/gu

/** Superscripts, fractions, signs and full-width characters in ASCII; white space of any kind and invisible characters. */
function plainCharacters(text: string): string {
  // Printable ASCII without runs of spaces is its own normal form: most answers.
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text
  const spelled = text.replace(SPECIAL, (found, digit: string | undefined, fraction: string | undefined) => {
    if (fraction !== undefined) return digit ? `${digit} ${FRACTIONS[fraction]}` : `(${FRACTIONS[fraction]})`
    const first = found[0] ?? ''
    if (SUPERSCRIPTS.includes(first)) return `^{${Array.from(found, (one) => PLAIN_SUPERSCRIPTS[SUPERSCRIPTS.indexOf(one)]).join('')}}`
    if (SUBSCRIPTS.includes(first)) return `_{${Array.from(found, (one) => SUBSCRIPTS.indexOf(one)).join('')}}`
    return CHARACTERS[first] ?? found
  })
  const compatible = spelled.normalize('NFKC')
  // Some characters expand to eighteen: no answer needs hundreds of them.
  if (compatible.length > MAX_ANSWER_LENGTH) return text
  return compatible
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/\s+/gu, ' ')
    .trim()
}
