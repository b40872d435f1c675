/**
 * @file Finds the host that a setting names.
 */
import { HostInvalidError } from './errors.ts'
import type { Host } from './host.ts'
import { createLocalHost } from './local-host.ts'
import { createSshHost } from './ssh-host.ts'

/** This machine when nothing is named, else the machine behind `ssh://…`. @throws HostInvalidError */
export function openHost(reference: string | undefined): Host {
  if (reference === undefined) return createLocalHost()
  if (reference.startsWith('ssh://')) return createSshHost(reference)
  throw new HostInvalidError(reference, 'expected ssh://host, ssh://user@host or ssh://user@host:port')
}
