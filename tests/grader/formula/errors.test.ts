import { expect, test } from 'vitest'
import { CombinationInvalidError, FormulaParseError } from '../../../src/grader/formula/errors.ts'

test('FormulaParseError says where reading stopped', () => {
  const error = new FormulaParseError({ where: 'grader "mix"', source: 'a +', at: 4, text: 'the end stands where a value should' })
  expect(error.data.at).toBe(4)
  expect(error.message).toBe(`FORMULA_PARSE_ERROR  The formula "a +" cannot be read at character 4: the end stands where a value should
  where  grader "mix"
  fix    write arithmetic over the graders by name: + - * / ^, parentheses, numbers, min max abs floor ceil exp sqrt log`)
})

test('CombinationInvalidError names the problem', () => {
  expect(new CombinationInvalidError({ where: 'grader "mix"', problem: 'there are none' }).message)
    .toBe(`COMBINATION_INVALID  These graders cannot be combined: there are none
  where  grader "mix"
  fix    give every part a name of its own, and weights that are numbers above 0, one for each part`)
})
