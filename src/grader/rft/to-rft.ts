/**
 * @file Writes a grader as the grader JSON of OpenAI's reinforcement fine-tuning, or says why that cannot be done.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Grader } from '../../eval/grader.ts'
import { NAME, namesIn } from '../formula/expression.ts'
import { parseExpression } from '../formula/parse-expression.ts'
import type { RftGrader, RftLeaf, RftMulti } from './rft-json.ts'
import { ownRftGraderSchema } from './rft-schema.ts'

/** The JSON, or one line for each thing that it cannot express. */
export type RftExport = { readonly json: RftGrader } | { readonly problems: readonly string[] }

/** Settings of `toRft`. */
export interface RftExportOptions {
  /** Also write graders that agree with their JSON except for letter case and white space, such as `exactMatch`. Default false. */
  readonly approximate?: boolean
}

/** The grader's JSON, with the model's text as the sample and the case as the item, its expected answer as `item.expected`. */
export function toRft(grader: Grader, options: RftExportOptions = {}): RftExport {
  const problems: string[] = []
  const json = topLevel(grader, { approximate: options.approximate ?? false, problems })
  if (json === null || problems.length > 0) return { problems }
  return { json: ownRftGraderSchema.parse(JSON.parse(JSON.stringify(json))) }
}

interface Writing {
  readonly approximate: boolean
  /** What cannot be written is added here. */
  readonly problems: string[]
}

function topLevel(grader: Grader, writing: Writing): RftGrader | null {
  if (grader.kind === 'formula' || grader.kind === 'weighted') return combined(grader, writing)
  const imported = importedJson(grader, writing)
  if (imported?.type === 'multi') return checkedParts(grader, imported, writing)
  const part = leaf(grader, imported, writing)
  if (part?.json.type !== 'label_model') return part?.json ?? null
  // RFT takes a label_model only inside a multi.
  const key = identifier(part.json.name, [])
  return { type: 'multi', name: part.json.name, graders: { [key]: part.json }, calculate_output: key }
}

/** A part, and how its score becomes the reward that we give for it: null where they are the same. */
interface Part {
  readonly json: RftLeaf
  readonly range: readonly [number, number] | null
}

function leaf(grader: Grader, imported: RftGrader | null, writing: Writing): Part | null {
  const name = quoteUntrusted(grader.name)
  if (imported?.type === 'multi') return refuse(writing, `${name} is a multi, which RFT does not take inside another`)
  if (imported !== null) return part(grader, imported, writing)
  // Why has been told when its JSON was read.
  if (grader.kind === 'rft') return null
  if ('parts' in grader) return refuse(writing, `${name} is made of other graders, which RFT does not take inside a multi`)
  if (grader.kind === 'custom') return refuse(writing, `${name} is a function of its own, which no JSON can hold`)
  const own = grader.traits?.toRft?.({ approximate: writing.approximate })
  if (own === undefined) return refuse(writing, `${name} is a ${quoteUntrusted(grader.kind)} grader, which RFT has no type for`)
  if ('problem' in own) return refuse(writing, `${name} ${own.problem}`)
  // Checked with the whole, by the schema of what we write.
  return { json: { ...own.json, name: grader.name } as unknown as RftLeaf, range: null }
}

function part(grader: Grader, json: RftLeaf, writing: Writing): Part | null {
  const { range } = json.type === 'score_model' ? json : { range: undefined }
  if (json.type === 'text_similarity' && json.evaluation_metric === 'cosine')
    return refuse(writing, `${quoteUntrusted(grader.name)} uses the metric cosine, which RFT does not take`)
  return { json: { ...json, name: grader.name }, range: range === undefined || (range[0] === 0 && range[1] === 1) ? null : range }
}

/** The JSON of a grader made by fromRft; null for others. A policy that changes rewards is a problem. */
function importedJson(grader: Grader, writing: Writing): RftGrader | null {
  if (grader.kind !== 'rft') return null
  const parsed = ownRftGraderSchema.safeParse(setting(grader, 'rft'))
  if (!parsed.success) return refuse(writing, `${quoteUntrusted(grader.name)} does not hold RFT JSON`)
  if (setting(grader, 'passThreshold') === 'apply' && 'pass_threshold' in parsed.data)
    return refuse(writing, `${quoteUntrusted(grader.name)} gives 1 or 0 by pass_threshold, where RFT rewards the score`)
  return parsed.data
}

function checkedParts(grader: Grader, json: RftMulti, writing: Writing): RftMulti | null {
  const parts = Object.entries(json.graders).map(([key, value]) => part({ ...grader, name: key }, value, writing))
  return parts.includes(null) ? null : { ...json, name: grader.name }
}

/** A multi of the parts of `formula` or `weighted`. */
function combined(grader: Grader, writing: Writing): RftMulti | null {
  const name = quoteUntrusted(grader.name)
  if (setting(grader, 'pass') != null) refuse(writing, `${name} gives 1 or 0 by its pass value, where RFT rewards the value`)
  if (setting(grader, 'outOfRange') === 'refuse') refuse(writing, `${name} gives no reward outside 0 to 1, where RFT gives the value`)
  const keys: string[] = []
  const parts: Readonly<Record<string, Grader>> = 'parts' in grader ? (grader.parts as Readonly<Record<string, Grader>>) : {}
  const rows = Object.entries(parts).flatMap(([partName, partGrader]) => {
    const named = { ...partGrader, name: partName }
    const found = leaf(named, importedJson(named, writing), writing)
    const key = identifier(partName, keys)
    keys.push(key)
    return found === null ? [] : [{ partName, key, ...found }]
  })
  if (rows.length < keys.length) return null
  // Our parts are rewards from 0 to 1; theirs are scores on the grader's own scale.
  const terms = new Map(rows.map(({ partName, key, range }) => [partName, range === null ? key : scaled(key, range)]))
  const graders = Object.fromEntries(rows.map(({ key, json }) => [key, { ...json, name: key }]))
  const output = grader.kind === 'formula' ? formulaOutput(grader, terms) : weightedOutput(grader, terms)
  return { type: 'multi', name: grader.name, graders, calculate_output: output }
}

function scaled(key: string, [low, high]: readonly [number, number]): string {
  return `((${key} - ${signed(low)}) / ${signed(high - low)})`
}

function signed(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}

/** The expression with its names replaced from the last to the first, so that indexes stay right, and with the clamp that we apply. */
function formulaOutput(grader: Grader, terms: ReadonlyMap<string, string>): string {
  let output = setting(grader, 'expression') as string
  for (const { name, at } of namesIn(parseExpression(output, grader.name)).toReversed())
    output = output.slice(0, at) + (terms.get(name) ?? name) + output.slice(at + name.length)
  return `max(0, min(1, ${output}))`
}

function weightedOutput(grader: Grader, terms: ReadonlyMap<string, string>): string {
  const weights = setting(grader, 'weights') as readonly (readonly [string, number])[]
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return `(${weights.map(([name, weight]) => `${weight} * ${terms.get(name) ?? name}`).join(' + ')}) / ${total}`
}

/** The name as a formula can call it, unlike the ones before it. */
function identifier(name: string, taken: readonly string[]): string {
  const plain = name.replace(/\W/g, '_').slice(0, 100)
  const start = NAME.test(plain) ? plain : `g_${plain}`
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? start : `${start}_${number}`
    if (!taken.includes(candidate)) return candidate
  }
}

function setting({ settings }: Grader, key: string): JsonValue | undefined {
  if (typeof settings !== 'object' || settings === null || !Object.hasOwn(settings, key)) return undefined
  return (settings as Readonly<Record<string, JsonValue>>)[key]
}

function refuse({ problems }: Writing, problem: string): null {
  problems.push(problem)
  return null
}
