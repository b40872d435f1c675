/**
 * @file Text as the words that metrics count. Every step is linear in the text's length.
 */

// What Python calls white space; it differs from JavaScript's in a few control characters and in U+FEFF.
// oxlint-disable-next-line no-control-regex
const WHITE_SPACE = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g
const WHITE_SPACE_CHARACTER = new RegExp(WHITE_SPACE.source.slice(0, -1))

/**
 * Words, numbers and punctuation as the machine-translation community counts them (mteval-v13a), letter case kept.
 * Source: sacrebleu 2.6.0, tokenizers/tokenizer_13a.py and tokenizer_re.py.
 */
export function tokens13a(text: string): readonly string[] {
  const line = withoutFinalSpace(text)
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  const spaced = ` ${line} `
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
  return words(spaced)
}

/**
 * Runs of the letters a to z and digits, in lower case: what ROUGE counts. A text in another script has none.
 * Source: rouge-score 0.1.2, tokenize.py, without its stemmer.
 */
export function rougeTokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

function words(text: string): readonly string[] {
  return text.split(WHITE_SPACE).filter((word) => word !== '')
}

/** By hand, because a pattern for spaces at the end tries again at every space. */
function withoutFinalSpace(text: string): string {
  let end = text.length
  while (end > 0 && WHITE_SPACE_CHARACTER.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
