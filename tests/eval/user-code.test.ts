import { describe, expect, it } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import { isUserCode, outermostFile } from '../../src/eval/user-code.ts'
import { fileURLToPath } from 'node:url'
import { graders } from '../../src/grader/graders.ts'
import { builtInGraders } from '../grader/built-in-graders.ts'

it('isUserCode() takes no built-in grader for code of the user, and everything else for it', () => {
  expect(
    builtInGraders()
      .filter(isUserCode)
      .map(({ kind }) => kind),
  ).toEqual([])
  const grade = graders.exactMatch().grade
  expect(isUserCode(graders.custom('mine', () => true))).toBe(true)
  expect(isUserCode(Object.assign(graders.exactMatch(), { name: 'mine', weight: 2 }))).toBe(false)
  expect(isUserCode(Object.assign({}, graders.exactMatch(), { grade: () => grade(undefined as never) }))).toBe(true)
  expect(isUserCode(graders.weighted({ graders: [{ ...graders.number(), grade }, graders.custom('mine', () => true)] }))).toBe(true)
})

it('defineEval() notes the file that it was called in', () => {
  expect(defineEval({ name: 'a', cases: [], graders: [] }).file).toBe(fileURLToPath(import.meta.url))
})

it('defineEval() notes the outermost file, however many functions call each other on the way', () => {
  const nested = (depth: number): unknown => (depth === 0 ? defineEval({ name: 'a', cases: [], graders: [] }).file : nested(depth - 1))
  expect(nested(200)).toBe(fileURLToPath(import.meta.url))
  expect(Error.stackTraceLimit).toBeLessThan(1000)
})

describe('outermostFile()', () => {
  it('takes a file that awaits the one that calls', () => {
    const stack = [
      'Error',
      '    at make (/app/evals/make.ts:3:10)',
      '    at async file:///app/evals/a.eval.ts:3:16',
      '    at async node:internal/x:1:1',
    ]
    expect(outermostFile(stack.join('\n'))).toBe('/app/evals/a.eval.ts')
  })

  it('takes the outermost of the files that call each other, not the one that loads them', () => {
    const stack = [
      'Error',
      '    at own (/app/evals/shared.ts:3:10)',
      '    at Array.map (<anonymous>)',
      '    at file:///app/evals/a%20b.eval.ts?t=12:5:16',
      '    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)',
      '    at VitestModuleEvaluator._run (file:///app/node_modules/vitest/dist/x.js:1:2)',
      '    at /app/suites/all.suite.ts:1:1',
      '    at async /app/suites/all.suite.ts:1:1',
    ]
    expect(outermostFile(stack.join('\n'))).toBe('/app/evals/a b.eval.ts')
  })

  it.each([
    ['    at C:\\app\\evals\\a.eval.ts:5:16', 'C:\\app\\evals\\a.eval.ts'],
    ['    at Object.<anonymous> (C:\\app\\evals\\a.eval.ts:5:16)', 'C:\\app\\evals\\a.eval.ts'],
    ['    at Object.<anonymous> (/app/evals/(x)/a.eval.ts:5:16)', undefined],
    ['    at node:internal/x:1:1', undefined],
    ['', undefined],
  ])('reads %j', (line, file) => {
    expect(outermostFile(`Error\n${line}`)).toBe(file)
  })
})
