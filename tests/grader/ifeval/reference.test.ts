import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { ifeval } from '../../../src/grader/ifeval.ts'
import { rewards } from '../grade-with.ts'

type Check = readonly [text: number, id: string, given: JsonValue, followed: boolean]
const { texts, checks } = JSON.parse(readFileSync(new URL('fixtures/reference-values.json', import.meta.url), 'utf8')) as {
  readonly texts: readonly string[]
  readonly checks: readonly Check[]
}

// Where another verdict than the reference's is right, the texts are such:
const EXCUSED: Readonly<Record<string, RegExp>> = {
  // Punkt ends a sentence after "e.g.", "etc.", "fig.", "no.", "vol.", "P.S.", before "**", an emoji or ">>" alone, and knows no "。" and "।".
  'length_constraints:number_sentences': /\b(?:e\.g|etc|fig|no|vol|p\.s|vs|u\.s|d\.c|b)\.|\.\.\.|\d\. \*|<< >>|[。।]|🎉/i,
  // The dots of "U.S." stand for any letter in Google's patterns.
  'keywords:existence': /u.s/i,
  // langdetect takes short English for another language.
  'language:response_language': /^.{0,120}$/su,
  'change_case:english_capital': /^.{0,120}$/su,
  'change_case:english_lowercase': /^.{0,120}$/su,
}

test('ifeval() agrees with the reference on generated answers, in both profiles, but where the reference is wrong or the language uncertain', () => {
  const differing = checks.filter(([text, id, given, followed]) => {
    const [lenient, strict] = rewards(ifeval(), texts[text] as string, { instruction_id_list: [id], kwargs: [given] })
    expect(strict, id).toBe(lenient)
    return lenient !== null && lenient !== Number(followed)
  })
  expect(differing.filter(([text, id]) => !EXCUSED[id]?.test(texts[text] as string))).toEqual([])
  expect(checks.length).toBeGreaterThan(1500)
  expect(differing.length / checks.length).toBeLessThan(0.025)
})
