/**
 * @file Reads references such as `ssh://user@gpu1:2222`. What the name stands for is the business of the user's ssh configuration.
 */
import { HostInvalidError } from '../errors.ts'

/** Whom ssh is to connect to. */
export interface SshTarget {
  /** For people: "user@gpu1:2222". */
  readonly name: string
  /** For ssh: options, then the destination. */
  readonly args: readonly string[]
}

/** Names begin with a letter or digit, so that none can be taken for an option of ssh. */
const REFERENCE = /^ssh:\/\/(?:([A-Za-z0-9_][\w.\\+-]*)@)?([A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\])(?::(\d{1,5}))?\/?$/

/** The target of a reference: `ssh://gpu1`, `ssh://user@gpu1:2222`, `ssh://[::1]`. @throws HostInvalidError */
export function parseSshTarget(reference: string): SshTarget {
  const [, user, host, port] = REFERENCE.exec(reference) ?? []
  if (host === undefined) throw new HostInvalidError({ reference, problem: 'expected ssh://host, ssh://user@host or ssh://user@host:port' })
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    throw new HostInvalidError({ reference, problem: 'a port is 1 to 65535' })
  const address = host.replaceAll(/[[\]]/g, '')
  return {
    name: `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`,
    args: [...(port === undefined ? [] : ['-p', port]), ...(user === undefined ? [] : ['-l', user]), address],
  }
}
