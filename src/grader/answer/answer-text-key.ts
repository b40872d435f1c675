/**
 * @file When two answers that are no mathematics are the same text.
 */
const QUOTES = /^["'`]|["'`]$/g
const SHORT_WORDS = new Set(['YES', 'NO'])

/**
 * The text that two equal answers share. Case counts in single letters and in short words of capitals (US is not us); white space does not,
 * and neither do quotes and a period around the whole.
 */
export function answerTextKey(plain: string): string {
  const bare = plain.replace(QUOTES, '').replace(/[.]$/, '').replace(QUOTES, '')
  const folded = bare.replace(/(\d)(?: [-–] |[-–])(?=\d)/g, '$1-').replace(/\p{L}{2,}/gu, (word) => {
    const short = word.length <= 3 && word === word.toUpperCase() && !SHORT_WORDS.has(word)
    return short || bare.includes('\\') ? word : word.toLowerCase()
  })
  // In LaTeX and around marks, spaces are layout.
  return (bare.includes('\\') ? folded.replaceAll(' ', '') : folded.replace(/ ?([,;:=<>+*/()[\]{}]) ?/g, '$1')).trim()
}
