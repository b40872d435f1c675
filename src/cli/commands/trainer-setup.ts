/**
 * @file `holdfast trainer setup` and `holdfast trainer remove`: the Python environment of the TRL trainer, here or on a host.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { openHost } from '../../host/open-host.ts'
import { trainerDevice } from '../../python/check-host.ts'
import type { HostProbe } from '../../python/probe.ts'
import { EXTRAS } from '../../python/requirements.ts'
import type { Extra } from '../../python/requirements.ts'
import { UsageError } from '../errors.ts'
import { COULD_NOT_RUN } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `trainer setup`, as commander gives them. */
export interface TrainerSetupFlags {
  readonly host?: string
  readonly cpu?: boolean
  readonly cuda?: boolean
  /** Names of extras. */
  readonly with?: readonly string[]
  readonly force?: boolean
}

const OWN_NOTE = 'note: HOLDFAST_PYTHON is set, and names the environment that is used instead'

/** Sets the trainer up, one line per stage, and ends with what it can do now. */
export async function trainerSetupCommand(flags: TrainerSetupFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.cpu === true && flags.cuda === true)
    throw new UsageError({ summary: '--cpu and --cuda exclude each other', command: 'holdfast trainer setup' })
  const extras = (flags.with ?? []).map(extraNamed)
  const variant = flags.cuda === true ? 'cuda' : flags.cpu === true ? 'cpu' : undefined
  const { setUpEnvironment } = await import('../../python/set-up-environment.ts')
  const { probeHost } = await import('../../python/probe.ts')
  const host = openHost(flags.host)
  try {
    const onStage = (line: string): unknown => terminal.out.write(`${line}\n`)
    const { environment, already } = await setUpEnvironment(host, { variant, extras, force: flags.force, onStage })
    const probe = await probeHost(host, { python: environment.python })
    terminal.out.write(`${setupSentence(probe, already)}\n`)
    if (host.isLocal && (process.env['HOLDFAST_PYTHON'] ?? '') !== '') terminal.out.write(`${OWN_NOTE}\n`)
    return trainerDevice(probe) === null ? COULD_NOT_RUN : 0
  } finally {
    await host.close()
  }
}

/** Takes the environments away, here or on a host. */
export async function trainerRemoveCommand(flags: { readonly host?: string }, terminal: Terminal): Promise<ExitCode> {
  const { removeEnvironments } = await import('../../python/set-up-environment.ts')
  const host = openHost(flags.host)
  try {
    const removed = await removeEnvironments(host)
    terminal.out.write(removed.length === 0 ? 'nothing to remove\n' : removed.map((directory) => `removed ${directory}\n`).join(''))
    return 0
  } finally {
    await host.close()
  }
}

/** What `trainer setup` ends with: what the environment can do now. */
export function setupSentence(probe: HostProbe, already: boolean): string {
  const { host, inside } = probe
  const device = trainerDevice(probe)
  if (device === null)
    return `set up, but torch does not work on ${host.name}; see: npx holdfast doctor${host.isLocal ? '' : ` --host ssh://${host.name}`}`
  const versions = ['torch', 'trl', ...EXTRAS].flatMap((name) => {
    const version = inside?.packages[name] ?? null
    return version === null ? [] : [`${name} ${version}`]
  })
  const on = device === 'cpu' ? 'the CPU' : (inside?.torch?.devices ?? []).map(({ name }) => name).join(', ')
  return `${already ? 'was set up already' : 'set up'}: --trainer trl can run on ${host.name}, on ${on} (${versions.join(', ')})`
}

function extraNamed(given: string): Extra {
  const extra = EXTRAS.find((name) => name === given)
  if (extra === undefined)
    throw new UsageError({
      summary: `--with takes ${EXTRAS.join(' or ')}, not ${quoteUntrusted(given)}`,
      command: 'holdfast trainer setup',
    })
  return extra
}
