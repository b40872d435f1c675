/**
 * @file A host whose runners are forks of one process that has their libraries loaded. Where there is no fork, or one would not do, it starts them as any
 * host does.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashJson } from '../base/hash.ts'
import type { Host, ProcessOptions } from '../host/host.ts'
import { openRunnerSource, type RunnerSource } from './runner-source.ts'

/** What is one process's own, and nothing that libraries look at as they are loaded. */
const OWN_VARIABLES: ReadonlySet<string> = new Set(['HOLDFAST_ATTACHED', 'HOLDFAST_GRADER_TOKEN', 'HOLDFAST_SERVE_TOKEN'])

/** `python -m holdfast_runner train|serve <file>` */
const FORKED: ReadonlySet<string | undefined> = new Set(['train', 'serve'])

/**
 * The same host, on which runners that compute on the CPU start at once from the second on. Not for a GPU: its driver bears no fork, and beside what it is
 * used for the start is short.
 */
export function forkRunners(host: Host): Host {
  if (!host.isLocal || process.platform === 'win32') return host
  const forks = new Set<Fork>()
  return {
    ...host,
    start: async (options) => {
      const fork = await startFork(options)
      if (fork === null) return host.start(options)
      forks.add(fork)
      return host.attach(fork.pid)
    },
    close: async () => {
      await Promise.all([...forks].map((fork) => endFork(host, fork)))
      await host.close()
    },
  }
}

interface Fork {
  readonly pid: number
  readonly source: RunnerSource
}

/** Null where a process of its own must be started. */
async function startFork({ command, env = {}, directory, log, life }: ProcessOptions): Promise<Fork | null> {
  const [python = '', module, name, ...given] = command
  if (life !== 'attached' || module !== '-m' || name !== 'holdfast_runner' || !FORKED.has(given[0])) return null
  const [own, shared] = [true, false].map((isOwn) =>
    Object.fromEntries(Object.entries(env).filter(([variable]) => OWN_VARIABLES.has(variable) === isOwn)),
  )
  try {
    const source = await sourceOf(python, { ...process.env, ...shared })
    if (source === null || !existsSync(directory)) return null
    mkdirSync(dirname(log), { recursive: true })
    const pid = await source.fork({ arguments: given, env: own ?? {}, directory, log })
    return pid === null ? null : { pid, source }
  } catch {
    // Whatever is wrong, a process of its own says better.
    return null
  }
}

const CLOSE_GRACE_MS = 2000

/** As the host ends what is attached to it: by the end of its standard input, else by signals. */
async function endFork(host: Host, { pid, source }: Fork): Promise<void> {
  const fork = await host.attach(pid)
  if (!(await fork.isAlive())) return
  await source.release(pid).catch(() => undefined)
  for (const signal of ['TERM', 'KILL', null] as const) {
    for (const end = performance.now() + CLOSE_GRACE_MS; performance.now() < end; await sleep(50)) if (!(await fork.isAlive())) return
    if (signal !== null) await fork.signal(signal)
  }
}

/** By Python and everything that its libraries may look at while they are loaded. */
const sources = new Map<string, Promise<RunnerSource | null>>()

async function sourceOf(python: string, env: Readonly<Record<string, string | undefined>>): Promise<RunnerSource | null> {
  const key = hashJson([python, env])
  const known = sources.get(key)
  if (known !== undefined && ((await known)?.isOpen() ?? true)) return known
  // Another caller may have opened one meanwhile.
  if (sources.get(key) !== known) return await sourceOf(python, env)
  const opened = openRunnerSource(python, env)
  sources.set(key, opened)
  return opened
}
