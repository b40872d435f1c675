/**
 * @file Characters that steer a display or hide in it: control characters, bidirectional and invisible ones. Where a script or an emoji needs one of them
 * (the joiners of Persian and Hindi, a family of faces, a flag of tags), it belongs to the text and stays.
 */

/** Scripts whose letters are written otherwise beside a joiner. */
const JOINED = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada'],
  ...['Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Balinese', 'Javanese'],
]
  .map((script) => `\\p{Script=${script}}`)
  .join('')

/** What belongs to the text, each with what must stand around it. */
const BELONGS = [
  // Emoji: presentation, keycaps, joined pictures, and the flags of England, Scotland and Wales.
  String.raw`(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier})[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{Extended_Pictographic}[\ufe0f]?|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})`,
  String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  String.raw`(?<=[${JOINED}])\u200d`,
  String.raw`(?<=[${JOINED}])\u200c(?=[${JOINED}])`,
  // Variants of Chinese characters and of Mongolian letters.
  String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]`,
]

/** Control characters without tab and line feed, what Unicode calls ignorable, line separators, halves of characters, blanks that are letters. */
const ALONE = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Default_Ignorable_Code_Point}\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\u2800\p{Surrogate}\p{Noncharacter_Code_Point}]`

/** Either what belongs to the text, which is captured, or a character that steers or hides. */
export const STEERING = new RegExp(`(${BELONGS.join('|')})|${ALONE}`, 'gu')

/** `text` with what `show` makes of each steering character in its place. */
export function replaceSteering(text: string, show: (character: string) => string): string {
  return text.replace(STEERING, (found, belongs: string | undefined) => belongs ?? show(found))
}
