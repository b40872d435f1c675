/**
 * @file Texts as sets of hashed runs of words, so that two of them can be compared by what they share. Letters and digits make words; scripts that are
 * written without spaces count each character as one.
 */
import { evenText } from './shared-cases.ts'

const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]|[\p{L}\p{N}\p{M}]+/gu

/** More words of a text than this are not looked at. */
const MOST_WORDS = 20_000

/** The different runs of `words` words of a text as 53-bit hashes. A shorter text is one run. */
export function wordRuns(text: string, words: number): ReadonlySet<number> {
  const hashes = (evenText(text).match(WORD) ?? []).slice(0, MOST_WORDS).map(hashWord)
  const runs = new Set<number>()
  if (hashes.length === 0) return runs
  for (let start = 0; start <= Math.max(0, hashes.length - words); start++) {
    runs.add(hashRun(hashes, start, Math.min(hashes.length, start + words)))
  }
  return runs
}

function hashWord(word: string): number {
  let hash = 0x81_1c_9d_c5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 16_777_619)
  return hash >>> 0
}

function hashRun(hashes: readonly number[], start: number, end: number): number {
  let [one, other] = [0x9e_37_79_b9, 0x7f_4a_7c_15]
  for (let at = start; at < end; at++) {
    const word = hashes[at] as number
    one = Math.imul(one ^ word, 0x85_eb_ca_6b)
    one ^= one >>> 15
    other = Math.imul(other + word, 0xc2_b2_ae_35)
    other ^= other >>> 13
  }
  return (one >>> 0) * 2 ** 21 + (other >>> 11)
}
