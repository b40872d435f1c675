/**
 * @file What Python says where JavaScript would say something else: the text of a value and whether two are equal. Chat templates are written for
 * Jinja in Python, which prints `True`, `None` and `{'a': 1}`. It knows no template.
 */

/** A value of the template library. */
export interface RuntimeValue {
  readonly type: string
  readonly value: unknown
}

/** `str(value)`. */
export function pythonText(value: RuntimeValue): string {
  return value.type === 'UndefinedValue' ? '' : value.type === 'StringValue' ? (value.value as string) : pythonRepr(value)
}

function pythonRepr({ type, value }: RuntimeValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return type === 'FloatValue' ? floatText(value) : String(value)
  if (Array.isArray(value)) {
    const items = (value as readonly RuntimeValue[]).map(pythonRepr)
    if (type !== 'TupleValue') return `[${items.join(', ')}]`
    return `(${items.join(', ')}${items.length === 1 ? ',' : ''})`
  }
  if (value instanceof Map)
    return `{${[...(value as ReadonlyMap<string, RuntimeValue>)].map(([key, one]) => `${quoted(key)}: ${pythonRepr(one)}`).join(', ')}}`
  return type === 'UndefinedValue' ? 'Undefined' : 'None'
}

function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return Object.is(value, -0) ? '-0.0' : value.toFixed(1)
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  const text = exponent < -4 || exponent >= 16 ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\\\u0000-\u001f\u007f-\u00a0\u00ad]/g,
    (one) => ESCAPES[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return quote + (quote === "'" ? escaped.replaceAll("'", String.raw`\'`) : escaped) + quote
}

/** `a == b`: text never equals a number, lists and mappings are compared by what they hold. */
export function pythonEquals(a: RuntimeValue, b: RuntimeValue): boolean {
  const [left, right] = [a.value, b.value]
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((one, at) => pythonEquals(one as RuntimeValue, right[at] as RuntimeValue))
  if (left instanceof Map && right instanceof Map) {
    const entries = [...(left as ReadonlyMap<string, RuntimeValue>)]
    return left.size === right.size && entries.every(([key, one]) => right.has(key) && pythonEquals(one, right.get(key) as RuntimeValue))
  }
  const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)
  return plain(left) === plain(right) && (a.type === 'UndefinedValue') === (b.type === 'UndefinedValue')
}
