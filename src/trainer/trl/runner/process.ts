/**
 * @file The Python runner as a process on a host: started, found again after a crash of ours, asked to stop. On this machine it ends with us; on another
 * machine it goes on when the connection drops.
 */
import { posix } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Host, HostProcess } from '../../../host/host.ts'
import { RUNNER_FILES } from '../../../ledger/run-layout.ts'
import { GRADER_TOKEN } from '../protocol.ts'
import type { RunnerFolders } from './files.ts'

/** How the runner is started on a host. */
export interface RunnerCommand {
  /** Path of Python on the host. */
  readonly python: string
  /** Folder on the host that holds the package `holdfast_runner`. */
  readonly packageFolder: string
  /** An accelerate config file on the host; its launcher then starts one process per device. */
  readonly accelerate: string | null
  /** Which cuda device the runner sees, as CUDA_VISIBLE_DEVICES names it; null leaves all. */
  readonly visibleDevices: string | null
  readonly threads: number | null
}

/** Program and arguments that run one training. */
export function runnerArguments(command: RunnerCommand, folders: RunnerFolders): readonly string[] {
  const launch = command.accelerate === null ? [] : ['-m', 'accelerate.commands.launch', '--config_file', command.accelerate]
  return [command.python, ...launch, '-m', 'holdfast_runner', 'train', posix.join(folders.there, RUNNER_FILES.spec)]
}

/** What the runner's environment adds to the host's. */
export function runnerEnvironment(command: RunnerCommand): Readonly<Record<string, string>> {
  return {
    PYTHONPATH: command.packageFolder,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    // Threads that wait by spinning stand in each other's way as soon as another program wants a core: up to 20 times slower.
    OMP_WAIT_POLICY: 'passive',
    TOKENIZERS_PARALLELISM: 'false',
    HF_HUB_DISABLE_TELEMETRY: '1',
    ...(command.visibleDevices === null ? {} : { CUDA_VISIBLE_DEVICES: command.visibleDevices }),
    ...(command.threads === null ? {} : { OMP_NUM_THREADS: String(command.threads) }),
  }
}

/** Starts the runner on the spec in its folder. */
export async function startRunner(
  host: Host,
  command: RunnerCommand,
  { folders, token }: { readonly folders: RunnerFolders; readonly token: string },
): Promise<HostProcess> {
  const life = host.isLocal ? 'attached' : 'detached'
  return host.start({
    command: runnerArguments(command, folders),
    env: { ...runnerEnvironment(command), [GRADER_TOKEN]: token, ...(life === 'attached' ? { HOLDFAST_ATTACHED: '1' } : {}) },
    directory: folders.there,
    log: posix.join(folders.there, RUNNER_FILES.log),
    life,
  })
}

/**
 * Prints the numbers of the processes that lead a group and were given the path on stdin as a whole argument. The path is no argument of this script, so
 * that it does not find itself.
 */
const FIND = `
if [ -d /proc/self ]; then
  for file in $(grep -lszFx -f - /proc/[0-9]*/cmdline); do
    pid=\${file#/proc/}; pid=\${pid%/cmdline}
    stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
    set -- \${stat##*) }
    if [ "$3" = "$pid" ]; then echo "$pid"; fi
  done
else
  read -r path
  ps -Aww -o pid= -o pgid= -o args= | while read -r pid group args; do
    case $args in *" train $path") if [ "$pid" = "$group" ]; then echo "$pid"; fi;; esac
  done
fi
true`

/**
 * The runner that an earlier process of ours left at work on another machine; null where there is none. On this machine it ended with us. It is known by
 * its command line alone: a number that was noted could belong to another program by now, or be lost with the process that was to note it.
 */
export async function findRunner(host: Host, folders: RunnerFolders): Promise<HostProcess | null> {
  if (host.isLocal) return null
  const { stdout } = await host.run(['sh', '-c', FIND], { input: `${posix.join(folders.there, RUNNER_FILES.spec)}\n` })
  const [pid] = stdout
    .split('\n')
    .map(Number)
    .filter((number) => number > 1)
  return pid === undefined ? null : host.attach(pid)
}

/** How long a runner may take to save when it is asked to end. */
const END_GRACE_MS = 30_000

/** Ends a runner and waits until it is gone. */
export async function endRunner(runner: HostProcess): Promise<void> {
  for (const signal of ['TERM', 'KILL'] as const) {
    await runner.signal(signal)
    for (const end = Date.now() + END_GRACE_MS; Date.now() < end; await sleep(200)) if (!(await runner.isAlive())) return
  }
}
