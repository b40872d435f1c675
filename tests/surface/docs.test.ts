/**
 * @file docs/evals.md, docs/graders.md and docs/models.md are code too: their files are written, imported and run, their commands are parsed, and what
 * their tables name exists.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import type { Eval, EvalDefinition, EvalOptions } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeCompletion } from '../../src/grading/grade-completion.ts'
import type { CompletionGrade } from '../../src/grading/grade-completion.ts'
import { createGraderModels } from '../../src/grading/grader-models.ts'
import type { EvaluationResult } from '../../src/round/evaluate.ts'
import { startChatServer } from '../model/chat/misbehaving-server.ts'
import type { ChatServer } from '../model/chat/misbehaving-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = Object.fromEntries(
  ['evals', 'graders', 'models'].map((name) => [name, readFileSync(join(root, 'docs', `${name}.md`), 'utf8')]),
) as Readonly<Record<'evals' | 'graders' | 'models', string>>
const everything = Object.values(pages).join('\n')
const blocks = (language: string): readonly string[] =>
  [...everything.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '')

const folder = mkdtempSync(join(tmpdir(), 'holdfast-docs-'))
const snippets = new Map<string, string>()
let judge: ChatServer

beforeAll(async () => {
  judge = await startChatServer({ models: ['judge'], say: judgement })
  for (const entry of readdirSync(join(root, 'evals'))) link(join('evals', entry))
  for (const source of blocks('ts')) write(/^\/\/ (\S+)/.exec(source)?.[1] ?? 'unnamed', source)
  write('evals/triage/messages.csv', blocks('csv')[0] ?? '')
})

afterAll(async () => {
  await judge.close()
  rmSync(folder, { recursive: true })
})

/** A judge that finds every answer good: only an apology is missed. */
function judgement(question: string): string {
  const verdict = question.includes('"met"')
    ? { met: !question.includes('It says sorry.') }
    : question.includes('"score"')
      ? { score: 4 }
      : question.includes('"label"')
        ? { label: 'polite' }
        : { better: 'FIRST' }
  return JSON.stringify({ reasoning: 'by the script', ...verdict })
}

function link(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  symlinkSync(join(root, path), join(folder, path))
}

/** A block in the folder, with this test's judge and folder for reports. */
function write(name: string, source: string): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, source.replace('http://localhost:8000/v1', judge.url).replace("'reports/nightly'", JSON.stringify(folder)))
  snippets.set(name, path)
}

async function evalIn(name: string): Promise<Eval> {
  const { default: definition } = (await import(snippets.get(name) ?? name)) as { readonly default: EvalDefinition }
  return loadEval(definition, { origin: name })
}

function grade(definition: Eval, text: string, models?: ReturnType<typeof createGraderModels>): Promise<CompletionGrade> {
  const [row] = definition.cases
  if (row === undefined) throw new Error('the eval is empty')
  const completion = { text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }
  return gradeCompletion(definition, row, { completion, profile: 'eval', messages: definition.messages.get(row.id), models })
}

it('docs name the file of every TypeScript block', () => {
  expect([...snippets.keys()]).toEqual([
    'evals/triage/triage.eval.ts',
    'evals/booking/booking.eval.ts',
    'evals/note/note.eval.ts',
    'evals/tone/tone.eval.ts',
    'scripts/nightly.ts',
    'evals/triage/messages.csv',
  ])
})

it('docs/evals.md shows an eval of a CSV file whose clusters stay together', async () => {
  const triage = await evalIn('evals/triage/triage.eval.ts')
  expect(triage.cases.map(({ id, input, expected, cluster }) => [id, input, expected, cluster])).toEqual([
    ['t-1', 'My wound is red, hot and swollen.', 'today', 'ann'],
    ['t-2', 'Can I have my yearly check?', 'routine', 'bob'],
    ['t-3', 'My cough is no better after two weeks.', 'week', 'bob'],
  ])
  expect(triage.cases[1]?.role).toBe(triage.cases[2]?.role)
  expect(triage.messages.get('t-1')?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  expect(await grade(triage, 'Urgency: today')).toMatchObject({ reward: 1, formatValid: true })
})

it('docs/evals.md shows an eval with turns and tools', async () => {
  const booking = await evalIn('evals/booking/booking.eval.ts')
  expect(booking.messages.get('move-1')?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'user'])
  expect(booking.messages.get('move-1')?.[0]?.content).toBe('You book for a clinic. Today is 2026-11-24.')
  const call = (time: string): string => JSON.stringify({ name: 'book', arguments: { day: '2026-11-27', time } })
  expect([(await grade(booking, call('09:00'))).reward, (await grade(booking, call('10:30'))).reward]).toEqual([1, 2 / 3])
})

it('docs/graders.md shows graders that are combined', async () => {
  const note = await evalIn('evals/note/note.eval.ts')
  expect(await grade(note, 'Take two tablets after meals.')).toMatchObject({ reward: 1, audit: { 'no-shouting': 1 } })
  expect(await grade(note, 'TAKE two tablets after meals.')).toMatchObject({
    subRewards: { 'right-or-near': 0.5, short: 1, 'form.ends-with-a-period': 1 },
    audit: { 'no-shouting': 0 },
  })
})

it('docs/graders.md shows judges that a server answers for, and that give no grade where no model may be asked', async () => {
  const tone = await evalIn('evals/tone/tone.eval.ts')
  const models = createGraderModels({ cache: 'off' })
  try {
    const judged = await grade(tone, 'I will look into it.', models)
    expect(judged).toMatchObject({
      subRewards: { apology: 0, step: 1 },
      audit: { 'judge-score': 0.75, 'judge-label': 1, 'judge-pairwise': 0.5 },
    })
    expect(judged.reward).toBeCloseTo(2 / 3, 12)
  } finally {
    await models.close()
  }
  expect(await grade(tone, 'I will look into it.')).toMatchObject({ reward: null, errors: [{ code: 'JUDGE_UNAVAILABLE' }] })
})

it('docs/graders.md says of answers what the grader says', () => {
  const rows = [...pages.graders.matchAll(/^\| `(.+?)`, `(.+?)` +\| ([01]) +\| ([01]) +\|/gm)]
  expect(rows).toHaveLength(24)
  const given = rows.map(([, text = '', expected = '']) =>
    (['eval', 'reward'] as const).map((profile) => {
      const row = { id: 'row', input: '', expected, role: 'dev' as const, tags: [] }
      const completion = { text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }
      return graders.answer().grade({ case: row, completion, parsed: text, profile })
    }),
  )
  expect(given.map((pair) => pair.map((one) => ('reward' in one ? one.reward : one)))).toEqual(
    rows.map(([, , , lenient, strict]) => [Number(lenient), Number(strict)]),
  )
})

it('docs/models.md shows an evaluation that runs', async () => {
  const { result, line } = (await import(snippets.get('scripts/nightly.ts') ?? '')) as {
    readonly result: EvaluationResult
    readonly line: string
  }
  expect(result).toMatchObject({ evalName: 'refill', cases: 10, errors: 0 })
  expect(line).toBe(`refill: ${result.passShare} passed, 0 without a grade`)
})

it('docs name only commands, arguments and flags that exist', () => {
  const lines = [...everything.matchAll(/^npx holdfast ([^#\n]*(?:#\S[^#\n]*)*)/gm)].map((match) => match[1]?.trim() ?? '')
  expect(lines).toHaveLength(14)
  expect(lines.filter((line) => !isKnown(line))).toEqual([])
})

/** Whether the command takes these arguments and flags, and none that it needs is missing. */
function isKnown(line: string): boolean {
  const silent = { write: (): void => {} }
  const program = createProgram({ out: silent, error: silent, interruptSignal: () => new AbortController().signal }, () => {})
  const [name, ...words] = line.split(/\s+/)
  const command: Command | undefined = program.commands.find((candidate) => candidate.name() === name)
  if (command === undefined) return false
  const { operands, unknown } = command.parseOptions(words)
  const needed = command.options
    .filter((option) => option.mandatory)
    .every((option) => command.getOptionValue(option.attributeName()) !== undefined)
  const fits = command.registeredArguments.every(({ argChoices }, at) => argChoices?.includes(operands[at] ?? '') ?? true)
  return unknown.length === 0 && needed && fits && operands.length === command.registeredArguments.length
}

it('docs/graders.md has every grader in its table, docs/evals.md every member of an eval', () => {
  const table = pages.graders.slice(pages.graders.indexOf('| `graders.`'), pages.graders.indexOf('All take `name`'))
  expect(Object.keys(graders).filter((name) => !new RegExp(`\`${name}[.\`]`).test(table))).toEqual([])
  // The type makes this list complete.
  const members: Readonly<Record<keyof EvalOptions, true>> = {
    ...{ name: true, description: true, cases: true, fields: true, roles: true, prompt: true, system: true, fewShot: true, tools: true },
    ...{ parse: true, graders: true, auditGraders: true, passThreshold: true, sampling: true, repeats: true, reducer: true },
    ...{ minPass: true, perCase: true, chance: true, expectedFlips: true, graded: true, demonstrations: true },
    ...{ onDuplicate: true, onBadRow: true, encoding: true, columns: true },
  }
  expect(Object.keys(members).filter((name) => !pages.evals.includes(`\`${name}\``))).toEqual([])
})

it('docs name only codes and variables that the source has, and pages and sections that are there', () => {
  const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
    .join('\n')
  const codes = new Set([...everything.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map((match) => match[1] ?? ''))
  expect(codes.size).toBeGreaterThan(30)
  expect([...codes].filter((code) => !new RegExp(`\\b${code}\\b`).test(source))).toEqual([])
  const files = new Set(readdirSync(join(root, 'docs')))
  const links = [...everything.matchAll(/\]\(([\w.-]*)(?:#([\w-]+))?\)/g)].map((match) => [match[1] ?? '', match[2]] as const)
  expect(links.filter(([file]) => file !== '' && !files.has(file))).toEqual([])
  const sections = [...everything.matchAll(/^## (.+)$/gm)].map((match) => (match[1] ?? '').toLowerCase().replaceAll(' ', '-'))
  expect(links.flatMap(([, section]) => (section === undefined || sections.includes(section) ? [] : [section]))).toEqual([])
})
