/**
 * @file The family "length_constraints" of IFEval: sentences, words, paragraphs.
 */
import { withCount, withRelation } from './instruction.ts'
import type { InstructionCheck } from './instruction.ts'
import { countSentences } from './sentences.ts'

/** Checks by instruction id. */
export const length: Readonly<Record<string, InstructionCheck>> = {
  'length_constraints:number_sentences': withRelation(['num_sentences', 'relation'], countSentences),
  'length_constraints:number_words': withRelation(['num_words', 'relation'], (text) => (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  'length_constraints:number_paragraphs': withCount('num_paragraphs', (text, wanted) => countDivided(text, '***') === wanted),
  'length_constraints:nth_paragraph_first_word': (text, given) => {
    const { num_paragraphs: count, nth_paragraph: nth, first_word: word } = given
    if (typeof count !== 'number' || typeof nth !== 'number' || typeof word !== 'string') return undefined
    const paragraphs = text.split('\n\n')
    const written = paragraphs.filter((paragraph) => paragraph.trim() !== '').length
    const paragraph = nth >= 1 && nth <= written ? (paragraphs[nth - 1] as string).trim() : ''
    return written === count && paragraph !== '' && firstWord(paragraph) === word.trim().toLowerCase()
  },
}

/** Parts between dividers; an empty one at either end is none, and an empty one between two makes it null. */
export function countDivided(text: string, divider: string): number | null {
  const parts = text.split(divider).map((part) => part.trim())
  if (parts.slice(1, -1).includes('')) return null
  return parts.filter((part) => part !== '').length
}

/** Up to the first punctuation mark, in lower case, without quotes before it. */
function firstWord(paragraph: string): string {
  const word = (paragraph.split(/\s/, 1)[0] as string).replace(/^'+/, '').replace(/^"+/, '')
  return (word.split(/[.,?!'"]/, 1)[0] as string).toLowerCase()
}
