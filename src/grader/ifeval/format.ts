/**
 * @file The families "detectable_format" and "detectable_content" of IFEval. Written as scans where Google's patterns would backtrack.
 */
import { escapeRegExp } from '../text/mentions.ts'
import { COUNT, instruction, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'

const OPTIONS = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.']

/** Instructions by id. */
export const format: Instructions = {
  'detectable_content:number_placeholders': instruction(
    { num_placeholders: COUNT },
    (text, given) => countPlaceholders(text) >= given.num_placeholders,
  ),
  'detectable_content:postscript': instruction({ postscript_marker: TRIMMED }, (text, given) =>
    hasPostscript(text, given.postscript_marker),
  ),
  'detectable_format:number_bullet_lists': instruction({ num_bullets: COUNT }, (text, given) => countBullets(text) === given.num_bullets),
  'detectable_format:constrained_response': instruction({}, (text) => OPTIONS.some((option) => text.includes(option))),
  'detectable_format:number_highlighted_sections': instruction(
    { num_highlights: COUNT },
    (text, given) => countHighlights(text) >= given.num_highlights,
  ),
  'detectable_format:multiple_sections': instruction(
    { section_spliter: TRIMMED, num_sections: COUNT },
    (text, given) => countSections(text, given.section_spliter) >= given.num_sections,
  ),
  'detectable_format:json_format': instruction({}, isJson),
  'detectable_format:title': instruction({}, (text) => text.split('\n').some(hasTitle)),
}

/** [ … ] in one line. */
function countPlaceholders(text: string): number {
  let count = 0
  for (const line of text.split('\n')) {
    let open = line.indexOf('[')
    while (open !== -1) {
      const close = line.indexOf(']', open)
      if (close === -1) break
      count += 1
      open = line.indexOf('[', close)
    }
  }
  return count
}

/** Letter case and one space between the letters do not count: "p. s." is "P.S.". */
function hasPostscript(text: string, marker: string): boolean {
  const lower = text.toLowerCase()
  if (marker === 'P.P.S') return /p\.\s?p\.\s?s/.test(lower)
  return marker === 'P.S.' ? /p\.\s?s\./.test(lower) : lower.includes(marker.toLowerCase())
}

/** Lines that begin with one asterisk or with a hyphen. */
function countBullets(text: string): number {
  return text.split('\n').filter((line) => /^\s*(?:\*[^*]|-)/.test(line)).length
}

/** *…* and **…** in one line with something in it. Like Google's, it counts a **bold** piece once. */
function countHighlights(text: string): number {
  const single = (text.match(/\*[^\n*]*\*/g) ?? []).filter((piece) => piece.slice(1, -1).trim() !== '')
  const double = (text.match(/\*\*[^\n*]*\*\*/g) ?? []).filter((piece) => piece.slice(2, -2).trim() !== '')
  return single.length + double.length
}

/** "Section 1" and its like. */
function countSections(text: string, word: string): number {
  return (text.match(new RegExp(`${escapeRegExp(word)}\\s?\\p{Nd}+`, 'gu')) ?? []).length
}

/** Alone or in a code fence. Python also takes NaN and Infinity for JSON. */
function isJson(text: string): boolean {
  const bare = text
    .trim()
    .replace(/^```(?:json|Json|JSON)?/, '')
    .replace(/```$/, '')
    .trim()
  try {
    JSON.parse(bare)
    return true
  } catch {
    return false
  }
}

/** << … >> with something in it. */
function hasTitle(line: string): boolean {
  const [open, close] = [line.indexOf('<<'), line.lastIndexOf('>>')]
  return open !== -1 && close > open + 2 && /[^<>\s]/.test(line.slice(open, close))
}
