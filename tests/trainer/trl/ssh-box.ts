/**
 * @file A real sshd on loopback as a machine of its own for trainings: a cache of its own, and a look at what still runs there.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '../../../src/host/host.ts'
import { createSshHost } from '../../../src/host/ssh/ssh-host.ts'
import { startSshServer, type SshServer } from '../../host/ssh/ssh-server.ts'

export interface SshBox {
  readonly server: SshServer
  /** What HOLDFAST_CACHE is for programs on the box. */
  readonly cache: string
  /** For `HOLDFAST_SSH_CONFIG`: the alias `box` is in it. */
  readonly configFile: string
  /** A host whose operations wait so long for a lost connection. */
  open(retryForMs?: number): Host
  /** Number and command line of everything that was started on the box for Holdfast and still runs. */
  programs(): string[]
  close(): Promise<void>
}

export async function startSshBox(): Promise<SshBox> {
  const server = await startSshServer()
  const cache = mkdtempSync(join(tmpdir(), 'holdfast-box-'))
  const config = join(server.directory, 'sshd_config')
  writeFileSync(config, readFileSync(config, 'utf8').replace('SetEnv SHLVL=2', `SetEnv SHLVL=2 HOLDFAST_CACHE=${cache}`))
  await server.stop()
  await server.start()
  const [, configFile = ''] = server.sshOptions
  const programs = (): string[] => commandLines().filter((line) => line.includes(cache))
  return {
    server,
    cache,
    configFile,
    open: (retryForMs = 60_000) => createSshHost(server.reference, { sshOptions: server.sshOptions, retryForMs }),
    programs,
    close: async () => {
      await server.close()
      rmSync(cache, { recursive: true, force: true })
    },
  }
}

function commandLines(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [`${name} ${readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')}`] : []
    } catch {
      return []
    }
  })
}

/** Waits until `check` holds; the test's own time limit ends a wait in vain. */
export async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(50)
}
