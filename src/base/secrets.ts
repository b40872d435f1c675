/**
 * @file The secrets that this process knows, and text without them. A server may send a key back anywhere (an error, an answer, a model's name), as it is
 * or encoded: what came from outside is cleaned where it enters, and messages once more where they leave.
 */

const REDACTED = '[redacted]'

/** Read anew each time: programs set them while they run. */
const NAMED = ['HOLDFAST_API_KEY', 'OPENAI_API_KEY', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HUGGINGFACE_HUB_TOKEN']
const ADDRESSES = ['HF_ENDPOINT', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
/** Other programs' secrets, which a user's own model or grader may use. */
const OTHER_NAMES = /(?:API_?KEY|ACCESS_KEY|_TOKEN|_SECRET|_PASSWORD)$/i
const OTHER_LENGTH = 16

/** What is given to servers that want any key at all: words that answers may well contain. */
const PLACEHOLDERS = [
  'lm-studio',
  'llama.cpp',
  'not-needed',
  'no-key-needed',
  'sk-no-key-required',
  'no-key-required',
  'placeholder',
  'your-api-key',
  'undefined',
  'anything',
  'password',
  'api-key',
  'dummy-key',
]

interface Registry {
  readonly given: Set<string>
  known: string
  pattern: RegExp | null
}

// Shared by all copies of the package in this thread.
const KEY = Symbol.for('holdfast.secrets')
const shared = globalThis as { [KEY]?: Registry }
const registry: Registry = (shared[KEY] ??= { given: new Set(othersInEnvironment()), known: '', pattern: null })

/** From now on the value is taken out of messages and answers. Short words and usual placeholders are no secrets: answers may contain them. */
export function registerSecret(value: string | null | undefined): void {
  if (value != null && isSecret(value)) registry.given.add(value)
}

/** The text without known secrets: as they are, in JSON, in addresses, in base64 and in hexadecimal digits. */
export function redactSecrets(text: string): string {
  return secretRedactor()?.(text) ?? text
}

/** The same for many texts at once; null where no secret is known. */
export function secretRedactor(): ((text: string) => string) | null {
  const pattern = currentPattern()
  return pattern === null ? null : (text) => text.replace(pattern, REDACTED)
}

/** A JSON value whose texts and keys are without known secrets; the same object where there are none. */
export function redactJson(value: unknown): unknown {
  const redact = secretRedactor()
  return redact === null ? value : redacted(value, redact)
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [redact(key), redacted(own, redact)]))
}

function currentPattern(): RegExp | null {
  const named = NAMED.map((name) => process.env[name] ?? '').filter(isSecret)
  const addresses = ADDRESSES.map((name) => process.env[name] ?? '').filter((address) => address.includes('@'))
  const known = [...named, ...addresses, registry.given.size].join('\n')
  if (known === registry.known) return registry.pattern
  const secrets = new Set([...registry.given, ...named, ...addresses.flatMap(passwordsIn)])
  const forms = [...new Set([...secrets].flatMap(formsOf))].toSorted((a, b) => b.length - a.length)
  registry.known = known
  registry.pattern = forms.length === 0 ? null : new RegExp(forms.map(patternOf).join('|'), 'g')
  return registry.pattern
}

/** JSON inside of JSON escapes quotes and strokes again and again. */
function patternOf(form: string): string {
  return form.replace(/["\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === '"' ? '\\\\*"' : sign === '\\' ? '\\\\+' : `\\${sign}`))
}

function isSecret(value: string): boolean {
  if (PLACEHOLDERS.includes(value.toLowerCase())) return false
  return value.length >= 8 || (value.length >= 6 && /[a-z]/i.test(value) && /[^a-z]/i.test(value))
}

function othersInEnvironment(): readonly string[] {
  return Object.entries(process.env).flatMap(([name, value = '']) =>
    OTHER_NAMES.test(name) && value.length >= OTHER_LENGTH ? [value] : [],
  )
}

/** User and password of an address, as they are written and as they are meant. */
function passwordsIn(address: string): readonly string[] {
  if (!URL.canParse(address)) return []
  const { username, password } = new URL(address)
  return [username, password].flatMap((part) => [part, decoded(part)]).filter(isSecret)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** All the ways in which a secret is written that a reader could undo. */
function formsOf(secret: string): readonly string[] {
  const inAddress = encodeURIComponent(secret)
  const hex = Buffer.from(secret).toString('hex')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inAddress,
    inAddress.replace(/%../g, (code) => code.toLowerCase()),
    ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
    hex,
    hex.toUpperCase(),
  ]
}

/** The digits that every base64 text has in which the secret begins `offset` bytes after a group of three. */
function base64Forms(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const bits = bytes.length * 8
  const digits = bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6))
  return digits.length < 8 ? [] : [digits, digits.replaceAll('+', '-').replaceAll('/', '_')]
}
