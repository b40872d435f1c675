/**
 * @file Answers in words that have one meaning in mathematics however they are worded: DNE, no solution, undefined.
 */

/** Meanings with their wordings; each is the whole answer, a subject before it aside. "No real solution" is not "no solution". */
const MEANINGS: readonly (readonly [meaning: string, pattern: RegExp])[] = [
  ['does not exist', /^(?:dne|d\.n\.e|(?:does not|doesn't|do not|don't) exist|non-?existent|\\nexists)$/],
  ['no solution', /^(?:has |have |there (?:is|are) |there's )?(?:no|zero) solutions?(?: exists?)?$/],
  ['no real solution', /^(?:has |have |there (?:is|are) |there's )?no real (?:solutions?|roots?)(?: exists?)?$/],
  ['undefined', /^(?:is )?(?:undefined|not defined|undef)$/],
  ['infinitely many solutions', /^(?:has |have |there are )?(?:infinitely many|infinite|an infinite number of)(?: solutions?)?$/],
  ['diverges', /^(?:is )?(?:diverges|divergent)$/],
  ['converges', /^(?:is )?(?:converges|convergent)$/],
  [
    'all real numbers',
    /^(?:all real numbers|all reals|all real values|every real number|any real number|the (?:set of )?(?:all )?real numbers|\\mathbb ?\{? ?r ?\}?)$/,
  ],
]
const SUBJECT = /^(?:(?:the|this) )?(?:limit|series|integral|sequence|equation|system|solution|function|expression|derivative|answer) /

/** What a text means, where that is one of a few fixed things. */
export function fixedMeaning(text: string): string | null {
  if (text.length > 80) return null
  const plain = text.toLowerCase().replace(/\s+/g, ' ').trim().replace(/[.]$/, '').replace(SUBJECT, '')
  return MEANINGS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}
