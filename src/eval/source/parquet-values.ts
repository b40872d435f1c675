/**
 * @file Values of a Parquet file exactly: decimals digit for digit, dates as days, times with all their digits. The reader makes doubles and instants of
 * them, so here it is told not to, and what it gives instead is written as text by the file's own schema.
 */
import { isUtf8 } from 'node:buffer'
import type { FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet'
import { parseExactJson } from '../../base/parse-exact-json.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What the reader makes of values whose type it knows. A value that has no text stops the reading: nothing is replaced. */
export const EXACT_PARSERS: Partial<ParquetParsers> = {
  dateFromDays: (days) => dayText(days),
  timestampFromMilliseconds: (millis) => instantText(millis, 3),
  timestampFromMicroseconds: (micros) => instantText(micros, 6),
  timestampFromNanoseconds: (nanos) => instantText(nanos, 9),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textOf(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && parseExactJson(textOf(bytes)),
}

/** A schema by which the reader gives decimals and times of day as they are stored. */
export function rawSchema(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata,
    schema: metadata.schema.map((element) => {
      const { converted_type: _, logical_type: __, ...plain } = element
      if (isDecimal(element) || isTimeOfDay(element)) return plain
      return element
    }),
  }
}

/** Makes text of the values that `rawSchema` keeps raw. */
export type ExactText = (value: unknown) => unknown

/** What is to be done with the values of each column, by its name; columns that hold no such values are left out. */
export function exactColumns({ schema }: FileMetaData): ReadonlyMap<string, ExactText> {
  const columns = new Map<string, ExactText>()
  let at = 1
  for (let left = schema[0]?.num_children ?? 0; left > 0; left -= 1) {
    const node = nodeAt(schema, at)
    at = node.next
    if (node.exact !== null) columns.set(node.name, node.exact)
  }
  return columns
}

interface SchemaNode {
  readonly name: string
  readonly next: number
  readonly isRepeated: boolean
  readonly children: readonly SchemaNode[]
  readonly exact: ExactText | null
}

function nodeAt(schema: readonly SchemaElement[], start: number): SchemaNode {
  const element = schema[start] as SchemaElement
  const children: SchemaNode[] = []
  let next = start + 1
  for (let left = element.num_children ?? 0; left > 0; left -= 1) {
    const child = nodeAt(schema, next)
    children.push(child)
    next = child.next
  }
  const exact = children.length === 0 ? leafText(element) : innerText(children)
  return { name: element.name, next, isRepeated: element.repetition_type === 'REPEATED', children, exact }
}

/** Lists and maps have a level in the schema that their values do not have. */
function innerText(children: readonly SchemaNode[]): ExactText | null {
  if (children.every(({ exact }) => exact === null)) return null
  const [only] = children
  if (only === undefined || children.length > 1 || !only.isRepeated) return memberTexts(children)
  const [key, value] = only.children
  if (only.children.length === 2 && key?.name === 'key' && value?.name === 'value')
    return onObjects((members) => members.map(([name, one]) => [name, value.exact?.(one) ?? one]))
  return only.children.length === 1 ? onItems(only.children[0]?.exact) : onItems(only.exact)
}

function memberTexts(children: readonly SchemaNode[]): ExactText {
  const byName = new Map(children.map(({ name, exact }) => [name, exact]))
  return onObjects((members) => members.map(([name, one]) => [name, byName.get(name)?.(one) ?? one]))
}

function onObjects(change: (members: [string, unknown][]) => [string, unknown][]): ExactText {
  return onItems((value) => (typeof value === 'object' && value !== null ? Object.fromEntries(change(Object.entries(value))) : value))
}

/** A repeated value is a list, of which the schema may say nothing. */
function onItems(exact: ExactText | null | undefined): ExactText {
  const text: ExactText = (value) => (Array.isArray(value) ? value.map(text) : value == null ? value : (exact?.(value) ?? value))
  return text
}

function leafText(element: SchemaElement): ExactText | null {
  if (isDecimal(element)) return onItems(decimalText(element.scale ?? 0))
  if (isTimeOfDay(element)) return onItems(timeText(element))
  const isBytes = element.type === 'BYTE_ARRAY' && element.converted_type === undefined && element.logical_type === undefined
  return isBytes ? onItems((value) => (value instanceof Uint8Array && isUtf8(value) ? UTF8.decode(value) : value)) : null
}

function isDecimal({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'DECIMAL' || logical?.type === 'DECIMAL'
}

function isTimeOfDay({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'TIME_MILLIS' || converted === 'TIME_MICROS' || logical?.type === 'TIME'
}

/** Without a scale whole numbers, which become numbers where they fit; else text with as many digits behind the point as the column has. */
function decimalText(scale: number): ExactText {
  return (value) => {
    const unscaled = value instanceof Uint8Array ? fromBytes(value) : BigInt(value as number | bigint)
    if (scale <= 0) return unscaled * 10n ** BigInt(-scale)
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
    return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  }
}

/** Two's complement, the highest byte first. */
function fromBytes(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}

function timeText({ converted_type: converted, logical_type: logical }: SchemaElement): ExactText {
  const unit = logical?.type === 'TIME' ? logical.unit : converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS'
  const digits = unit === 'MILLIS' ? 3 : unit === 'MICROS' ? 6 : 9
  return (value) => {
    const [whole, fraction] = secondsOf(BigInt(value as number | bigint), digits)
    const two = (part: bigint): string => String(part).padStart(2, '0')
    return `${two(whole / 3600n)}:${two((whole / 60n) % 60n)}:${two(whole % 60n)}${trimmed(fraction) === '' ? '' : `.${fraction}`}`
  }
}

function dayText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, -'T00:00:00.000Z'.length)
}

/** ISO text with milliseconds, or with all digits of the column where they say more. */
function instantText(count: bigint, digits: number): string {
  const [whole, fraction] = secondsOf(count, digits)
  const text = new Date(Number(whole) * 1000).toISOString().slice(0, -'.000Z'.length)
  return `${text}.${trimmed(fraction.slice(3)) === '' ? fraction.slice(0, 3) : fraction}Z`
}

function secondsOf(count: bigint, digits: number): readonly [whole: bigint, fraction: string] {
  const unit = 10n ** BigInt(digits)
  const rest = ((count % unit) + unit) % unit
  return [(count - rest) / unit, String(rest).padStart(digits, '0')]
}

function trimmed(fraction: string): string {
  return fraction.replace(/0+$/, '')
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new Error('a text is not UTF-8')
  }
}
