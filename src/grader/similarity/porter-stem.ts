/**
 * @file Stem of an English word, so that "doses" and "dosing" count as one.
 * Source: Porter, An algorithm for suffix stripping, 1980, with the extensions of nltk 3.9.1 (its PorterStemmer's default mode).
 */

/** What must hold of the stem that is left when a suffix is taken off. */
type Condition = (stem: string) => boolean
type Rule = readonly [suffix: string, replacement: string, condition: Condition]

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
])

const always: Condition = () => true
const positive: Condition = (stem) => measure(stem) > 0
const aboveOne: Condition = (stem) => measure(stem) > 1
const rules = (text: string, condition: Condition): readonly Rule[] =>
  text.split(' ').map((pair) => {
    const [suffix = '', replacement = ''] = pair.split('>')
    return [suffix, replacement, condition]
  })

const STEP_1A = rules('sses>ss ies>i ss>ss s>', always)
const STEP_1C: readonly Rule[] = [['y', 'i', (stem) => stem.length > 1 && isConsonantAtEnd(stem)]]
const STEP_2: readonly Rule[] = [
  ...rules('ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize', positive),
  ...rules('ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble fulli>ful', positive),
  // The "l" of "logi" counts as part of the stem.
  ['logi', 'log', (stem) => measure(`${stem}l`) > 0],
]
const STEP_3 = rules('icate>ic ative> alize>al iciti>ic ical>ic ful> ness>', positive)
const STEP_4: readonly Rule[] = [
  ...rules('al> ance> ence> er> ic> able> ible> ant> ement> ment> ent>', aboveOne),
  ['ion', '', (stem) => measure(stem) > 1 && /[st]$/.test(stem)],
  ...rules('ou> ism> ate> iti> ous> ive> ize>', aboveOne),
]
const STEP_5B: readonly Rule[] = [['ll', 'l', (stem) => measure(`${stem}l`) > 1]]

/** The stem of a word in lower case, in time linear in its length. */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined || word.length <= 2) return irregular ?? word
  const plain = word.length === 4 && word.endsWith('ies') ? word.slice(0, -1) : applyFirst(word, STEP_1A)
  const [one, two] = [STEP_1C, STEP_3].map((list) => (text: string) => applyFirst(text, list)) as [Step, Step]
  return applyFirst(withoutFinalE(applyFirst(two(stepTwo(one(stepOneB(plain)))), STEP_4)), STEP_5B)
}

type Step = (text: string) => string

/** The first rule whose suffix fits decides, whether or not its condition holds. */
function applyFirst(word: string, list: readonly Rule[]): string {
  const rule = list.find(([suffix]) => word.endsWith(suffix))
  if (rule === undefined) return word
  const [suffix, replacement, condition] = rule
  const stem = word.slice(0, word.length - suffix.length)
  return condition(stem) ? stem + replacement : word
}

function stepOneB(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2)
  if (word.endsWith('eed')) return positive(word.slice(0, -3)) ? word.slice(0, -1) : word
  const suffix = ['ed', 'ing'].find((end) => word.endsWith(end) && hasVowel(word.slice(0, -end.length)))
  if (suffix === undefined) return word
  const stem = word.slice(0, -suffix.length)
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (endsInDouble(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1)
  return measure(stem) === 1 && endsInShortSyllable(stem) ? `${stem}e` : stem
}

function stepTwo(word: string): string {
  const stem = word.slice(0, -4)
  return applyFirst(word.endsWith('alli') && positive(stem) ? `${stem}al` : word, STEP_2)
}

function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word
  const stem = word.slice(0, -1)
  const size = measure(stem)
  return size > 1 || (size === 1 && !endsInShortSyllable(stem)) ? stem : word
}

/** Whether each letter is a consonant: "y" is one at the start and after a vowel. */
function consonants(word: string): readonly boolean[] {
  const kinds: boolean[] = []
  for (const letter of word.split('')) kinds.push(letter === 'y' ? kinds.at(-1) === false || kinds.length === 0 : !'aeiou'.includes(letter))
  return kinds
}

/** How often a vowel is followed by a consonant: m in the paper. */
function measure(stem: string): number {
  const kinds = consonants(stem)
  return kinds.filter((consonant, at) => consonant && kinds[at - 1] === false).length
}

function hasVowel(stem: string): boolean {
  return consonants(stem).includes(false)
}

function isConsonantAtEnd(stem: string): boolean {
  return consonants(stem).at(-1) === true
}

function endsInDouble(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && isConsonantAtEnd(word)
}

/** Consonant, vowel, consonant other than w, x, y; or a word of vowel and consonant. */
function endsInShortSyllable(word: string): boolean {
  const kinds = consonants(word)
  if (word.length === 2) return kinds[0] === false && kinds[1] === true
  return word.length >= 3 && kinds.at(-3) === true && kinds.at(-2) === false && kinds.at(-1) === true && !/[wxy]$/.test(word)
}
