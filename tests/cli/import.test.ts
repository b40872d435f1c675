import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { importCommand } from '../../src/cli/commands/import.ts'
import type { ImportFlags, ImportKind } from '../../src/cli/commands/import.ts'
import { importedEvalSource } from '../../src/cli/import-template.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'

// Inside the repository, because the written evals import "holdfast" as a user's project does.
const folder = mkdtempSync(join(tmpdir(), 'holdfast-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function run(kind: ImportKind, file: string, flags: ImportFlags = {}): Promise<string> {
  let printed = ''
  const stream = { write: (text: string) => (printed += text) }
  const terminal = { out: stream, error: stream, interruptSignal: () => new AbortController().signal }
  const code = await importCommand({ kind, file }, { evals: folder, ...flags }, terminal)
  return `${code} ${printed}`.replaceAll(/\S*import-\w{6}/g, '<dir>')
}

const failure = (...given: Parameters<typeof run>): Promise<string> =>
  run(...given).then(
    () => 'no error',
    (error: Error) => error.message.replaceAll(/\S*import-\w{6}/g, '<dir>'),
  )

it('importCommand() writes an eval that loads, and says what it could not convert', async () => {
  const config = write(
    'My Config.yaml',
    'prompts: ["Capital of {{country}}? ${1} `x` */ \\" {{country}}"]\ntests:\n  - vars: { country: France }\n    assert: [{ type: equals, value: Paris }, { type: cost, threshold: 1 }]\n',
  )
  expect(await run('promptfoo', config)).toMatchInlineSnapshot(`
    "0 Wrote:
      <dir>/my-config/my-config.eval.ts   1 case, graders.exactMatch()

    Not converted:
      tests[0].assert[1]: assertion "cost" is no property of the answer: times, tokens and cost are measured in every run

    promptfoo has no roles: cases are shared out as 50 % train, 10 % dev, 40 % gate by a hash. Cases that only test: roles: { gate: 1 }.
    "
  `)
  const file = join(folder, 'my-config', 'my-config.eval.ts')
  const { default: definition } = (await import(file)) as { readonly default: EvalDefinition }
  const loaded = await loadEval(definition, { origin: file })
  const [row] = loaded.cases
  expect([loaded.name, row?.input, row?.expected]).toEqual(['my-config', { country: 'France' }, 'Paris'])
  expect(loaded.messages.get(row?.id ?? '')?.[0]?.content).toBe('Capital of France? ${1} `x` */ " France')
})

it('importCommand() overwrites nothing and writes nothing when one of several evals is there', async () => {
  const data = write('twice.jsonl', '{"input":"a","target":"b"}\n{"input":"c","target":"A","choices":["x","y"]}\n')
  await run('inspect', data, { name: 'fresh' })
  expect(existsSync(join(folder, 'fresh-2', 'cases.jsonl'))).toBe(true)
  const before = readFileSync(join(folder, 'fresh-2', 'fresh-2.eval.ts'), 'utf8')
  rmSync(join(folder, 'fresh'), { recursive: true })
  expect(await failure('inspect', data, { name: 'fresh' })).toMatch(/^CLI_EVAL_EXISTS/)
  expect([existsSync(join(folder, 'fresh')), readFileSync(join(folder, 'fresh-2', 'fresh-2.eval.ts'), 'utf8')]).toEqual([false, before])
})

it('importCommand() reads logs with columns of other names', async () => {
  const log = write('prod.jsonl', '{"ask":"a?","said":"b","mood":"up"}\n')
  expect(await run('log', log, { field: ['input=ask', 'output=said', 'thumb=mood'] })).toContain('1 case, graders.exactMatch()')
  expect(JSON.parse(readFileSync(join(folder, 'prod', 'cases.jsonl'), 'utf8'))).toMatchObject({ input: 'a?', expected: 'b', thumb: 'up' })
})

it('importCommand() refuses what cannot be imported', async () => {
  const empty = write('empty.jsonl', '{"output":"x"}\n')
  expect(await failure('log', empty)).toMatchInlineSnapshot(`
    "IMPORT_EMPTY  No case could be made of the file: line 1: it does not say what was asked; nothing was written
      where  <dir>/empty.jsonl
      fix    check that the file is of the kind that was named: promptfoo, inspect or log"
  `)
  expect(await failure('log', empty, { field: ['nonsense'] })).toMatch(/^CLI_USAGE {2}--field takes member=column/)
  expect(await failure('inspect', empty, { field: ['input=a'] })).toMatch(/^CLI_USAGE {2}--field is for logs alone/)
  expect(await failure('log', empty, { name: '../up' })).toMatch(/^CLI_EVAL_NAME/)
})

it('importedEvalSource() keeps everything of the file inside texts', () => {
  const imported = {
    suffix: '',
    description: "'); process.exit(1) //",
    cases: [],
    prompt: '${process.exit(1)}',
    graders: ['graders.exactMatch()'],
  }
  const source = importedEvalSource('x', imported, 'a */ process.exit(1) /*.yaml')
  expect(source.split('\n', 1).join('')).toBe(
    '/** @file x, imported from a __ process.exit_1_ __.yaml. Look at cases, prompt and graders before you trust its grades. */',
  )
  expect(source).toContain(`description: "'); process.exit(1) //"`)
  expect(source).toContain('prompt: "${process.exit(1)}"')
})
