/**
 * @file Writes docs/methods.md from the methods' cards, so that names, settings, defaults and meanings have one source. A test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { DATA_FORMS } from '../src/method/data-form.ts'
import type { AnyCard } from '../src/method/method-card.ts'
import { METHOD_CARDS } from '../src/method/method-cards.ts'
import { optimizerSpecSchema } from '../src/method/optimizer.ts'
import { instanceFilterSchema, replaySchema } from '../src/method/settings.ts'

const TARGET = fileURLToPath(new URL('../docs/methods.md', import.meta.url))

const CARDS: readonly AnyCard[] = METHOD_CARDS

const INTRODUCTION = `# Tuning methods

<!-- Made by scripts/make-method-docs.ts from the cards in src/method: change it there. -->

An arm of a suite holds a method with its settings:

\`\`\`ts
{ name: 'sft', role: 'candidate', method: sft({ steps: 60, batchSize: 16, learningRate: 5e-4 }) }
\`\`\`

A setting without a default must be given, unless it is optional. Settings of the optimizer may stand among the method's own, as \`learningRate\` here, or
under \`optimizer\`; what stands under \`optimizer\` goes before. A feature may change an arm's settings for its own round
(\`{ eval: refill, arms: { sft: { steps: 30 } } }\`), and a budget for all of its rounds (\`budgets: { small: { method: { sft: { steps: 10 } } } }\`): both go by the arm's name.
\`chain(sft({ … }), grpo({ … }))\` runs methods one after another on the same adapter, each with a fresh optimizer; it needs the trl trainer.

A method that several arms share is best kept as what its function gives: TypeScript then knows which method it is, and the arms change what they need to.
A plain object in a variable needs \`satisfies ArmMethod\` (or \`as const\`), because TypeScript forgets that its \`name\` is \`'sft'\` and takes it for any text:

\`\`\`ts
const base = sft({ steps: 60, batchSize: 16, learningRate: 5e-4 })
const slow = { name: 'sft', steps: 60, batchSize: 16, learningRate: 5e-5 } satisfies ArmMethod // import type { ArmMethod } from 'holdfast'
const arms = [
  { name: 'sft', role: 'candidate', method: base },
  { name: 'sft-house', role: 'control', method: { ...base, demonstration: 'house' } },
  { name: 'sft-slow', role: 'control', method: slow },
] satisfies ArmOptions[]
\`\`\`
`

/** The whole page; the same for the same cards. */
export function renderMethodDocs(): string {
  const shared = sharedKeys()
  return [
    INTRODUCTION,
    '## Which one',
    '',
    table(['method', 'what it does', 'learns from', 'needs a reference', 'trainers'], CARDS.map(overview)),
    '',
    '## Settings of every method',
    '',
    settingsTable(CARDS[0]?.schema.shape ?? {}, (key) => shared.has(key)),
    '',
    '### `optimizer`',
    '',
    settingsTable(optimizerSpecSchema.shape),
    '',
    '### `replay`',
    '',
    settingsTable(replaySchema.shape),
    '',
    '### `instanceFilter`',
    '',
    settingsTable(instanceFilterSchema.shape),
    '',
    ...CARDS.flatMap((card) => methodSection(card, shared)),
  ].join('\n')
}

function methodSection(card: AnyCard, shared: ReadonlySet<string>): readonly string[] {
  const limits = Object.entries(card.gradientKnows ?? {}).map(
    ([key, values]) => `\`${key}\`: ${(values as readonly unknown[]).map(code).join(', ')}`,
  )
  return [
    `## \`${card.name}\``,
    '',
    `${card.title}. ${card.summary} Source: ${card.source}.`,
    '',
    ...(limits.length === 0 || !card.trainers.includes('embedded') ? [] : [`The embedded trainer takes ${limits.join('; ')}.`, '']),
    settingsTable(card.schema.shape, (key) => key !== 'name' && !shared.has(key)),
    '',
  ]
}

/** Settings that all methods have. */
function sharedKeys(): ReadonlySet<string> {
  const [first, ...others] = CARDS.map(({ schema }) => Object.keys(schema.shape))
  return new Set((first ?? []).filter((key) => key !== 'name' && others.every((keys) => keys.includes(key))))
}

function overview(card: AnyCard): readonly string[] {
  return [`[\`${card.name}\`](#${card.name})`, card.summary, DATA_FORMS[card.form].text, referenceText(card), card.trainers.join(', ')]
}

/** Asked with the KL weight at 0 and above. */
function referenceText(card: AnyCard): string {
  const needs = (klWeight: number): boolean => card.needsReference({ klWeight } as unknown as Parameters<AnyCard['needsReference']>[0])
  if (needs(0)) return 'yes'
  return needs(1) ? 'where klWeight is above 0' : 'no'
}

function settingsTable(shape: Readonly<Record<string, unknown>>, isShown: (key: string) => boolean = () => true): string {
  const rows = Object.entries(shape)
    .filter(([key]) => isShown(key))
    .map(([key, schema]) => [`\`${key}\``, ...describe(schema as z.ZodType)])
  return table(['setting', 'value', 'default', 'meaning'], rows)
}

function describe(schema: z.ZodType): readonly string[] {
  const json = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  const isOptional = schema.safeParse(undefined).success
  return [valueText(json), json.default === undefined ? (isOptional ? 'optional' : 'required') : code(json.default), json.description ?? '']
}

interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

function valueText({ type, enum: values, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  if (values !== undefined) return values.map(code).join(', ')
  const kinds: Readonly<Record<string, string>> = {
    integer: 'whole number',
    number: 'number',
    string: 'text',
    boolean: 'true or false',
    object: 'object',
  }
  const limits = [
    ...(minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? [] : [`at least ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`]),
  ]
  return [kinds[type ?? ''] ?? type ?? '', ...limits].join(', ')
}

function code(value: unknown): string {
  return typeof value === 'string' ? `\`'${value}'\`` : `\`${JSON.stringify(value)}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = renderMethodDocs()
  if (!process.argv.includes('--check')) writeFileSync(TARGET, text)
  else if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('docs/methods.md differs from the cards: run npm run make:methods')
    process.exitCode = 1
  }
}
