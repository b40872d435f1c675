/**
 * @file Tells the language of a text by its script and, where several languages share one, by their commonest words and own letters.
 * A small detector for the languages of the IFEval dataset: it says null rather than guess, for short texts above all.
 */
import { LETTERS, WORDS } from './language-words.ts'

const SCRIPTS: Readonly<Record<string, RegExp>> = {
  latin: /\p{Script=Latin}/gu,
  cyrillic: /\p{Script=Cyrillic}/gu,
  arabic: /\p{Script=Arabic}/gu,
  devanagari: /\p{Script=Devanagari}/gu,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  zh: /\p{Script=Han}/gu,
  ko: /\p{Script=Hangul}/gu,
  he: /\p{Script=Hebrew}/gu,
  el: /\p{Script=Greek}/gu,
  th: /\p{Script=Thai}/gu,
  bn: /\p{Script=Bengali}/gu,
  ta: /\p{Script=Tamil}/gu,
  te: /\p{Script=Telugu}/gu,
  kn: /\p{Script=Kannada}/gu,
  gu: /\p{Script=Gujarati}/gu,
  pa: /\p{Script=Gurmukhi}/gu,
  ml: /\p{Script=Malayalam}/gu,
}
/** Every code that `detectLanguage` may give. */
export const LANGUAGES: ReadonlySet<string> = new Set(
  Object.keys(SCRIPTS).flatMap((script) => (WORDS[script] === undefined ? [script] : Object.keys(WORDS[script]))),
)

const MAX_CHARACTERS = 20_000
const MAX_WORDS = 1000

/** ISO 639-1 code of the language that most of the text is in; null when there is too little to tell by, or two languages are about as likely. */
export function detectLanguage(text: string): string | null {
  const head = text.slice(0, MAX_CHARACTERS).normalize('NFC')
  const script = mainScript(head)
  return script === null || WORDS[script] === undefined ? script : byWords(head.toLowerCase(), script)
}

/** The script of at least two thirds of the letters. Japanese mixes kana with Chinese characters. */
function mainScript(text: string): string | null {
  const counts = Object.entries(SCRIPTS).map(([name, pattern]) => [name, (text.match(pattern) ?? []).length] as const)
  const of = (name: string): number => counts.find(([other]) => other === name)?.[1] ?? 0
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  if (total < 4) return null
  if (of('ja') > 0 && of('ja') + of('zh') >= (total * 2) / 3 && of('ja') * 8 >= of('zh')) return 'ja'
  return counts.find(([, count]) => count >= (total * 2) / 3)?.[0] ?? null
}

/** The language with the most of its common words and own letters: at least two, a twelfth of the words, and half as many again as any other. */
function byWords(text: string, script: string): string | null {
  const words = (text.match(/[\p{L}\p{M}]+/gu) ?? []).slice(0, MAX_WORDS)
  const scores = Object.entries(WORDS[script] ?? {}).map(([code, common]) => {
    const letters = LETTERS[code]
    return [code, words.reduce((sum, word) => sum + (common.has(word) ? 1 : 0) + (letters?.test(word) ? 1 : 0), 0)] as const
  })
  const [best, second] = scores.sort((a, b) => b[1] - a[1])
  if (best === undefined || best[1] < 2 || best[1] * 12 < words.length) return null
  return best[1] >= (second?.[1] ?? 0) * 1.5 ? best[0] : null
}
