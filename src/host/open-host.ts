/**
 * @file Finds the host that a setting names.
 */
import { HostInvalidError } from './errors.ts'
import type { Host } from './host.ts'
import { createLocalHost } from './local-host.ts'
import { createSshHost } from './ssh/ssh-host.ts'

/**
 * This machine when nothing is named, else the machine behind `ssh://…`. `HOLDFAST_SSH_CONFIG` names another configuration file for ssh than
 * `~/.ssh/config`, as `ssh -F` does: for machines where the user's own must not be touched, such as those of CI.
 * @throws HostInvalidError
 */
export function openHost(reference: string | undefined): Host {
  if (reference === undefined) return createLocalHost()
  if (reference.startsWith('ssh://')) return createSshHost(reference, { sshOptions: sshOptions(process.env['HOLDFAST_SSH_CONFIG']) })
  throw new HostInvalidError({ reference, problem: 'expected ssh://host, ssh://user@host or ssh://user@host:port' })
}

function sshOptions(configFile: string | undefined): readonly string[] {
  return configFile === undefined || configFile === '' ? [] : ['-F', configFile]
}
