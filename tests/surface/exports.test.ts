import { expect, it } from 'vitest'
import * as holdfast from '../../src/index.ts'
import * as holdfastRun from '../../src/run.ts'
import * as holdfastVitest from '../../src/vitest/index.ts'

/** Each exported name with its kind: a new export is always a decision. */
const surface = (module: object): readonly string[] =>
  Object.entries(module)
    .map(([name, value]) => `${name}: ${typeof value}`)
    .toSorted()

it('holdfast exports these names and no others', () => {
  expect(surface(holdfast)).toMatchInlineSnapshot(`
    [
      "answersEqual: function",
      "chain: function",
      "compareAnswers: function",
      "defineEval: function",
      "defineSuite: function",
      "dpo: function",
      "embedded: function",
      "extractAnswer: function",
      "graders: object",
      "grpo: function",
      "isHoldfastError: function",
      "kto: function",
      "mdloo: function",
      "raft: function",
      "rloo: function",
      "sft: function",
      "simpo: function",
      "toRft: function",
      "toRftResult: function",
      "trl: function",
    ]
  `)
})

it('holdfast/run exports these names and no others', () => {
  expect(surface(holdfastRun)).toMatchInlineSnapshot(`
    [
      "checkGraders: function",
      "evaluateEval: function",
      "gateModels: function",
      "loadEval: function",
      "renderReport: function",
      "runSuite: function",
    ]
  `)
})

it('holdfast/vitest exports these names and no others', () => {
  expect(surface(holdfastVitest)).toMatchInlineSnapshot(`
    [
      "HoldfastReporter: function",
      "evalReportSchema: object",
      "evalsProject: function",
      "holdfastProjects: function",
      "mergeEvalReports: function",
      "suitesProject: function",
    ]
  `)
})
