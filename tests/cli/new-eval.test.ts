import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { newEval, newEvalMessage } from '../../src/cli/commands/new-eval.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-scaffold-'))
const folders = { evals: folder, suites: join(folder, 'suites') }
afterAll(() => rmSync(folder, { recursive: true }))

it('newEval() writes an eval that loads with cases of every role and grades its own answers', async () => {
  const made = newEval('parcel-mood', folders)
  const module = (await import(made.evalFile)) as { readonly default: EvalDefinition }
  const loaded = await loadEval(module.default, { origin: made.evalFile })
  const roles = loaded.cases.map((row) => row.role)
  expect(['train', 'dev', 'gate', 'twin'].map((role) => roles.filter((found) => found === role).length)).toEqual([6, 2, 4, 4])

  const rewards = await Promise.all(
    loaded.cases.map(async (row) => {
      const completion = { text: row.expected as string, tokenIds: [], logProbs: null, finishReason: 'stop' } as const
      const grade = await loaded.graders[0]?.grade({ case: row, completion, parsed: completion.text, profile: 'reward' })
      return grade?.reward
    }),
  )
  expect(rewards).toEqual(loaded.cases.map(() => 1))
})

it('newEval() names the import line and the list entry', () => {
  const made = newEval('new', folders)
  expect(made.importLine).toBe("import newEval from '../new/new.eval.ts'")
  expect(made.listEntry).toBe('newEval,')
  expect(newEvalMessage(made)).toContain(made.importLine)
})

it('newEval() overwrites nothing', () => {
  const { evalFile } = newEval('twice', folders)
  const before = readFileSync(evalFile, 'utf8')
  expect(() => newEval('twice', folders)).toThrow(/^CLI_EVAL_EXISTS {2}An eval of this name exists already; nothing was written\n/)
  expect(readFileSync(evalFile, 'utf8')).toBe(before)
})

it.each(['', 'Refill', 'refill_x', '1st', '-x', 'a--b', '../up', 'x'.repeat(41)])(
  'newEval() refuses the name "%s" and writes nothing',
  (name) => {
    expect(() => newEval(name, folders)).toThrow(/^CLI_EVAL_NAME/)
    expect(existsSync(join(folder, name, `${name}.eval.ts`))).toBe(false)
  },
)

it('newEval() says what a name may be', () => {
  expect(() => newEval('Refill', folders)).toThrowErrorMatchingInlineSnapshot(`
    [EvalNameError: CLI_EVAL_NAME  "Refill" cannot be the name of an eval
      where  holdfast new eval <name>
      fix    use lower-case letters, digits and single hyphens, beginning with a letter, at most 40 characters: "refill-request"]
  `)
})
