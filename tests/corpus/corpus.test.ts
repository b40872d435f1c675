/** @file The synthetic corpus: repeatable, without held-out prompts, and with right answers, worked out again here in another way. */
import { describe, expect, it } from 'vitest'
import { corpus, heldOutDrafts, isHeldOut } from '../../models/nano/pretraining/corpus.ts'
import type { Example } from '../../models/nano/pretraining/corpus.ts'
import { GENERAL_MIXTURE } from '../../models/nano/pretraining/mixture.ts'
import { hashJson } from '../../src/base/hash.ts'

const EXAMPLES: readonly Example[] = [...corpus(7, 'test', 12_000)]
const ask = (example: Example): string => example.messages.at(-1)?.content ?? ''
const ofSkill = (name: string): readonly Example[] => EXAMPLES.filter(({ skill }) => skill === name)
const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number)

/** `days` after an ISO date, by the calendar of the language. */
function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

function daysAhead(text: string): number {
  if (text.includes('tomorrow')) return 1
  return text.includes('today') ? 0 : Number(/in (\d+) days/.exec(text)?.[1])
}

describe('corpus()', () => {
  it('gives the same examples for the same seed and part, and others for another part', () => {
    expect([...corpus(7, 'test', 50)]).toEqual(EXAMPLES.slice(0, 50))
    expect(hashJson([...corpus(7, 'other', 50)])).not.toBe(hashJson(EXAMPLES.slice(0, 50)))
  })

  it('holds every skill of the mixture', () => {
    expect(new Set(EXAMPLES.map(({ skill }) => skill)).size).toBe(GENERAL_MIXTURE.length + 3)
  })

  it('holds no held-out general prompt', () => {
    expect(EXAMPLES.filter((example) => !example.skill.startsWith('clinic-') && isHeldOut(ask(example)))).toEqual([])
  })

  it('writes JSON answers that parse', () => {
    const json = EXAMPLES.filter(({ answer }) => answer.startsWith('{'))
    expect(json.length).toBeGreaterThan(3000)
    for (const { answer } of json) expect(Object.keys(JSON.parse(answer) as object).length).toBeGreaterThan(0)
  })
})

describe('heldOutDrafts()', () => {
  it('gives only held-out prompts, each once', () => {
    const [skill] = GENERAL_MIXTURE[0] as (typeof GENERAL_MIXTURE)[number]
    const prompts = heldOutDrafts(skill, 7, { count: 100 }).map(({ prompt }) => prompt)
    expect(new Set(prompts).size).toBe(100)
    expect(prompts.every(isHeldOut)).toBe(true)
  })
})

describe('skills', () => {
  it.each([
    ['add', (numbers: number[]) => numbers.reduce((sum, value) => sum + value)],
    ['subtract', ([a, b]: number[]) => Math.abs((a as number) - (b as number))],
    ['multiply', (numbers: number[]) => numbers.reduce((product, value) => product * value)],
    ['product', (numbers: number[]) => numbers.reduce((product, value) => product * value)],
  ] as const)('%s gives the number that the digits of its question make', (name, work) => {
    expect(ofSkill(name).length).toBeGreaterThan(200)
    for (const example of ofSkill(name)) expect(Number(example.answer), ask(example)).toBe(work(numbersIn(ask(example))))
  })

  it('amount and clinic-daily-dose in the layout of the app give the product of the three numbers', () => {
    for (const example of [...ofSkill('amount'), ...ofSkill('clinic-daily-dose')]) {
      const answer = JSON.parse(example.answer) as { drug?: string; total?: number }
      const [a = 0, b = 0, c = 0] = numbersIn(ask(example))
      // Text near the feature also gives one intake; never anything else as a total.
      if (answer.total === undefined) continue
      const allowed = answer.drug === undefined ? [a * b * c] : [a * b * c, a * b, a * c, b * c]
      expect(allowed, ask(example)).toContain(answer.total)
    }
  })

  it('event gives the date that the calendar gives', () => {
    for (const example of ofSkill('event')) {
      const text = ask(example)
      const today = /Today is (\S+)\. /.exec(text)?.[1] ?? ''
      const answer = JSON.parse(example.answer) as { date: string }
      expect(answer.date, text).toBe(later(today, daysAhead(text.slice(text.indexOf(today) + today.length))))
    }
  })

  it('date gives the date that the calendar gives', () => {
    for (const example of ofSkill('date')) {
      const text = ask(example)
      const start = /\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? ''
      const days = text.includes(' plus ') ? Number(/plus (\d+) days/.exec(text)?.[1]) : daysAhead(text.slice(text.indexOf(start)))
      expect(example.answer, text).toBe(later(start, days))
    }
  })

  it('reverse gives the words from the last to the first', () => {
    for (const example of ofSkill('reverse')) {
      expect(example.answer.split(' ').toReversed().join(' ')).toBe(ask(example).split(': ')[1])
    }
  })
})
