/**
 * @file Answers made at random whose equality is known by how they are made: each kind gives groups of spellings of one value and of values beside it.
 */
import { seededRandom } from '../src/base/seeded-random.ts'
import type { SeededRandom } from '../src/base/seeded-random.ts'
import type { AnswerGroup } from '../tests/grader/answer/answer-table.ts'

type Maker = (random: SeededRandom) => Omit<AnswerGroup, 'name'>

const between = (random: SeededRandom, low: number, high: number) => low + random.integer(high - low + 1)
/** Different whole numbers. */
const several = (random: SeededRandom, count: number) =>
  random.shuffle(Array.from({ length: 90 }, (_, index) => index + 10)).slice(0, count)

const UNITS = [
  ['m', 'meters', 'metres'],
  ['km', 'kilometers'],
  ['kg', 'kilograms'],
  ['s', 'seconds'],
  ['mW', 'milliwatts'],
  ['km/h', 'kilometers per hour'],
] as const
const SINES = [
  ['1/2', '\\frac{\\pi}{6}', '30'],
  ['\\frac{\\sqrt{2}}{2}', '\\frac{\\pi}{4}', '45'],
  ['\\frac{\\sqrt{3}}{2}', '\\frac{\\pi}{3}', '60'],
  ['-\\frac{1}{2}', '\\frac{7\\pi}{6}', '210'],
  ['0', '\\pi', '180'],
] as const

const MAKERS: Readonly<Record<string, Maker>> = {
  lists: (random) => {
    const numbers = several(random, 3)
    const [a, b, c] = numbers
    return {
      same: [numbers.join(', '), numbers.join(','), `${a}, ${b} and ${c}`],
      other: [`${b}, ${a}, ${c}`, `${a}${b},${c}`, `\\{${c}, ${a}, ${b}\\}`, `${a}, ${b}`],
    }
  },
  sets: (random) => {
    const numbers = several(random, 3)
    return {
      same: [`\\{${numbers.join(', ')}\\}`, `\\{${numbers.toReversed().join(',')}\\}`],
      other: [`(${numbers.join(', ')})`, numbers.join(', '), `\\{${numbers.slice(1).join(', ')}\\}`],
    }
  },
  thousands: (random) => {
    const [high, low] = [between(random, 1, 999), String(between(random, 0, 999)).padStart(3, '0')]
    return {
      same: [`${high}${low}`, `${high},${low}`, `${high}{,}${low}`, `${high}\\,${low}`],
      other: [`${high}, ${low}`, `${high}.${low}1`, `(${high},${low})`, `${high},${low},1`],
    }
  },
  fractions: (random) => {
    const [top, bottom] = [between(random, 1, 40) * 2 + 1, 2 ** between(random, 1, 6)]
    return {
      same: [`${top}/${bottom}`, `\\frac{${top}}{${bottom}}`, String(top / bottom), `\\frac{${top * 3}}{${bottom * 3}}`],
      other: [`${bottom}/${top}`, String(top / bottom + 0.001), `-${top}/${bottom}`, `${top}${bottom}`],
    }
  },
  'repeating decimals': (random) => {
    const [digits, whole] = [between(random, 1, 98), between(random, 0, 9)]
    const period = String(digits).padStart(2, '0')
    return {
      same: [`\\frac{${whole * 99 + digits}}{99}`, `${whole}.\\overline{${period}}`],
      other: [`${whole}.${period}`, `${whole}.${period}${period}`, `${whole}.\\overline{${String(digits + 1).padStart(2, '0')}}`],
    }
  },
  'long numbers': (random) => {
    const digits = Array.from({ length: 24 }, () => between(random, 1, 9)).join('')
    const next = String(BigInt(digits) + 1n)
    return {
      same: [digits, `${digits}.0`, `\\frac{${BigInt(digits) * 2n}}{2}`],
      other: [next, `${digits}.${'0'.repeat(20)}1`, `-${digits}`],
    }
  },
  functions: (random) => {
    const [name, number] = [random.pick(['f', 'g', 'h', 'P']), between(random, 2, 9)]
    return {
      same: [`${name}(${number})`, `${name}\\left(${number}\\right)`],
      other: [`${number}${name}`, `${name}(${number + 1})`, `${name}^${number}`],
    }
  },
  logarithms: (random) => {
    const [base, exponent] = [between(random, 2, 9), between(random, 2, 5)]
    return {
      same: [String(exponent), `\\log_{${base}} ${base ** exponent}`, `\\frac{\\ln ${base ** exponent}}{\\ln ${base}}`],
      other: [`\\log_{${base}} ${base ** exponent + 1}`, `\\log_{${base ** exponent}} ${base}`, String(exponent + 1)],
    }
  },
  sines: (random) => {
    const [value, angle, degrees] = random.pick(SINES)
    return {
      same: [value, `\\sin ${angle}`, `\\sin(${angle})`, `\\sin ${degrees}^\\circ`],
      other: [`\\sin ${degrees}`, `\\cos(${angle})+3`, `2\\sin(${angle})+1`],
    }
  },
  solutions: (random) => {
    const [a, b] = several(random, 2)
    return {
      same: [`x=${a}, x=${b}`, `x=${b}, x=${a}`, `x=${a} \\text{ or } x=${b}`],
      other: [`x=${a}`, `x=${a}, y=${b}`, `x=${a}, x=${Number(b) + 100}`],
    }
  },
  intervals: (random) => {
    const [low, width] = [between(random, -9, 9), between(random, 1, 9)]
    const high = low + width
    return {
      same: [`[${low}, ${high})`, `${low} \\le x < ${high}`],
      other: [`(${low}, ${high}]`, `${low} < x < ${high}`, `[${low}, ${high + 1})`, `x < ${high}`],
    }
  },
  rays: (random) => {
    const low = between(random, -20, 20)
    return {
      same: [`(${low}, \\infty)`, `x > ${low}`, `${low} < x`],
      other: [`[${low}, \\infty)`, `x < ${low}`, `(-\\infty, ${low})`, `x > ${low + 1}`],
    }
  },
  matrices: (random) => {
    const [a, b, c, d] = several(random, 4)
    const write = (open: string, close: string, cells = `${a} & ${b} \\\\ ${c} & ${d}`) => `${open}${cells}${close}`
    return {
      same: [
        write('\\begin{pmatrix}', '\\end{pmatrix}'),
        write('\\begin{bmatrix}', '\\end{bmatrix}'),
        write('\\left[\\begin{array}{cc}', '\\end{array}\\right]'),
      ],
      other: [
        write('\\begin{pmatrix}', '\\end{pmatrix}', `${a} & ${c} \\\\ ${b} & ${d}`),
        `(${a}, ${b}, ${c}, ${d})`,
        write('\\begin{vmatrix}', '\\end{vmatrix}'),
      ],
    }
  },
  units: (random) => {
    const [amount, [symbol, ...words]] = [between(random, 2, 90), random.pick(UNITS)]
    return {
      same: [`${amount} \\text{ ${symbol}}`, ...words.map((word) => `${amount} \\text{ ${word}}`)],
      other: [`${amount + 1} \\text{ ${symbol}}`, `${amount} \\text{ ${symbol.toUpperCase()}s}`, String(amount)],
    }
  },
  currencies: (random) => {
    const amount = between(random, 2, 90)
    return {
      same: [`\\$${amount}`, `${amount} \\text{ dollars}`, `\\$${amount}.00`],
      other: [`\\text{€}${amount}`, `\\$${amount + 1}`, `${amount} \\text{ cents}`],
    }
  },
  polynomials: (random) => {
    const [a, b] = several(random, 2).map((number) => number % 9) as [number, number]
    return {
      same: [`(x+${a})(x-${b})`, `x^2+${a - b}x-${a * b}`.replace('+-', '-'), `(x-${b})(${a}+x)`],
      other: [`(x+${a})(x+${b + 1})`, `x^2+${a + b + 1}x-${a * b}`, `x^2-${a * b + 1}`],
    }
  },
}

/** Groups of every kind, by kind; the same seed gives the same. */
export function generatedGroups(perKind: number, seed = 1): ReadonlyMap<string, readonly AnswerGroup[]> {
  const kinds = Object.entries(MAKERS).map(([kind, make]) => {
    const random = seededRandom(seed, 'answers', kind)
    return [kind, Array.from({ length: perKind }, (_, index) => ({ name: `${kind} ${index}`, ...make(random) }))] as const
  })
  return new Map(kinds)
}
