/**
 * @file A trainer is known by its driver alone: nothing outside its folder asks whether a trainer has a certain name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { DRIVERS, TRAINER_NAMES } from '../../src/trainer/drivers.ts'

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url))

/** Comparisons with a trainer's name: by an operator, a case, or a type of names. */
function questionsIn(source: string): readonly string[] {
  const name = `['"](?:${TRAINER_NAMES.join('|')})['"]`
  return source.match(new RegExp(`[!=]==? ${name}|${name} [!=]==?|case ${name}|z\\.literal\\(${name}\\)|${name} \\| ${name}`, 'g')) ?? []
}

test('src/ asks for no trainer’s name outside the trainers’ own folders', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const outside = files.filter((path) => !TRAINER_NAMES.some((name) => path.startsWith(join('trainer', name, '/'))))
  expect(outside.length).toBeGreaterThan(300)
  expect(outside.length).toBeLessThan(files.length)
  const asked = outside.flatMap((path) => questionsIn(readFileSync(join(SOURCE, path), 'utf8')).map((text) => `${path}: ${text}`))
  expect(asked).toEqual([])
})

test.each([
  `if (suite.trainer.name === 'trl') train()`,
  `const where = plan.trainer?.name !== "embedded" ? 'there' : 'here'`,
  `if ('trl' === name) train()`,
  `switch (name) { case 'embedded': train() }`,
  `name: z.literal('trl')`,
  `readonly trainer?: 'embedded' | 'trl'`,
])('a file that holds %j is found', (planted) => {
  expect(questionsIn(planted)).toHaveLength(1)
})

test('every trainer has a folder of its name, a phrase for people, and options for the flags that it takes', () => {
  expect(new Set(TRAINER_NAMES).size).toBe(TRAINER_NAMES.length)
  for (const { name, description, flags, options } of DRIVERS) {
    expect(readdirSync(join(SOURCE, 'trainer', name))).toContain('driver.ts')
    expect(description).toMatch(/^[A-Z]/)
    expect(flags.filter((flag) => !Object.hasOwn(options, flag))).toEqual([])
  }
})
