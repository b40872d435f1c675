/**
 * @file Shows steering characters by their code, as src/report/visible-text.ts does for the rest of the page. The lists are those of
 * src/base/steering-characters.ts, which says why each stands there.
 */
const JOINED = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada'],
  ...['Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Balinese', 'Javanese'],
]
  .map((script) => `\\p{Script=${script}}`)
  .join('')

const BELONGS = [
  String.raw`(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier})[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{Extended_Pictographic}[\ufe0f]?|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})`,
  String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  String.raw`(?<=[${JOINED}])\u200d`,
  String.raw`(?<=[${JOINED}])\u200c(?=[${JOINED}])`,
  String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]`,
]

const STEERING = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Default_Ignorable_Code_Point}\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\u2800\p{Surrogate}\p{Noncharacter_Code_Point}]`

const EITHER = new RegExp(`(${BELONGS.join('|')})|${STEERING}`, 'gu')

/** @param {string} text @returns {string} */
export function visibleText(text) {
  return text.replace(EITHER, (found, belongs) => belongs ?? `⟨U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}
