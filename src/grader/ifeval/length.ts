/**
 * @file The family "length_constraints" of IFEval: sentences, words, paragraphs.
 */
import { COUNT, instruction, related, RELATION, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { sentencesOf } from './sentences.ts'
import { countWords } from './words.ts'

/** Instructions by id. */
export const length: Instructions = {
  'length_constraints:number_sentences': instruction({ num_sentences: COUNT, relation: RELATION }, (text, given) =>
    related(sentencesOf(text).length, given.relation, given.num_sentences),
  ),
  'length_constraints:number_words': instruction({ num_words: COUNT, relation: RELATION }, (text, given) =>
    related(countWords(text), given.relation, given.num_words),
  ),
  'length_constraints:number_paragraphs': instruction(
    { num_paragraphs: COUNT },
    (text, given) => countDivided(text, '***') === given.num_paragraphs,
  ),
  'length_constraints:nth_paragraph_first_word': instruction(
    { num_paragraphs: COUNT, nth_paragraph: COUNT, first_word: TRIMMED },
    (text, { num_paragraphs: count, nth_paragraph: nth, first_word: word }) => {
      const paragraphs = text.split('\n\n')
      const written = paragraphs.filter((paragraph) => paragraph.trim() !== '').length
      const paragraph = nth <= written ? (paragraphs[nth - 1] as string).trim() : ''
      return written === count && paragraph !== '' && firstWord(paragraph) === word.toLowerCase()
    },
    (given) => (given.nth_paragraph > given.num_paragraphs ? 'nth_paragraph must be at most num_paragraphs' : null),
  ),
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
