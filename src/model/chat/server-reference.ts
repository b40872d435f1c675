/**
 * @file What a user writes to name a model behind an OpenAI-compatible server: `http://host:8000/v1#model-name`. It asks nobody.
 */
import { registerSecret } from '../../base/secrets.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { ServerReferenceError } from './errors.ts'

/** How prompts are sent: as messages, as text, or as messages where the server takes them. */
export type ServerApi = 'chat' | 'completions' | 'auto'

export interface ServerReference {
  /** Address that paths like /chat/completions follow, without a slash at its end. */
  readonly url: string
  /** The server's name for the model; null where it is the only one. */
  readonly name: string | null
  readonly api: ServerApi
}

const APIS: readonly string[] = ['chat', 'completions', 'auto']

/** Whether a reference names a server at all. */
export function isServerReference(reference: string): boolean {
  return /^https?:\/\//i.test(reference)
}

/**
 * The parts of a reference. An address without a path means /v1; `?api=completions` asks for text completions.
 * @throws ServerReferenceError for what is no such address, and for one with a password in it
 */
export function parseServerReference(reference: string): ServerReference {
  const parsed = URL.canParse(reference) ? new URL(reference) : null
  if (parsed === null || !isServerReference(reference))
    throw new ServerReferenceError({ reference: shownReference(reference), problem: 'it is no http or https address' })
  registerSecretsIn(parsed)
  if (parsed.username !== '' || parsed.password !== '')
    throw new ServerReferenceError({
      reference: `${parsed.protocol}//…@${parsed.host}`,
      problem: 'it has a password in it, and addresses are written into records',
    })
  const api = parsed.searchParams.get('api') ?? 'auto'
  if (!APIS.includes(api))
    throw new ServerReferenceError({ reference: shownReference(reference), problem: `api is ${quoteUntrusted(api)}` })
  const unknown = [...parsed.searchParams.keys()].find((key) => key !== 'api')
  if (unknown !== undefined)
    throw new ServerReferenceError({ reference: shownReference(reference), problem: `it has the parameter ${quoteUntrusted(unknown)}` })
  const path = parsed.pathname.replace(/\/+$/, '')
  const name = decode(parsed.hash.slice(1))
  return { url: `${parsed.origin}${path === '' ? '/v1' : path}`, name: name === '' ? null : name, api: api as ServerApi }
}

/** Whatever else is said of an address with a key in it, the key is not. */
function registerSecretsIn({ username, password, searchParams }: URL): void {
  for (const part of [username, password]) for (const written of [part, decode(part)]) registerSecret(written)
  for (const [name, value] of searchParams) if (name !== 'api') registerSecret(value)
}

/** The reference as it may be shown: without a password, and without the values of parameters that may be keys. */
export function shownReference(reference: string): string {
  if (!isServerReference(reference)) return reference
  return reference.replace(/\/\/[^/@#]*@/, '//…@').replace(/(?<=[?&](?!api=)[^=&#]*=)[^&#]+/g, '…')
}

/** Names with signs that addresses cannot hold may be written with percent signs, or as they are. */
function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/**
 * The key that a server is asked with; null when there is none. `HOLDFAST_API_KEY` goes to any server, `OPENAI_API_KEY`, which is often set for other
 * programs, only where nobody on the way can read it: over https, and on this machine. Never written anywhere.
 */
export function apiKey(url: string): string | null {
  const { protocol, hostname } = new URL(url)
  const isPrivate = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const key = process.env['HOLDFAST_API_KEY'] || (isPrivate ? process.env['OPENAI_API_KEY'] : undefined)
  return key === undefined || key === '' ? null : key
}
