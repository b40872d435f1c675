/**
 * @file A process that starts an attached program on a host and is then killed, as by a crash.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'

/** Which host the process makes, and a folder for the log. */
export interface KilledProcessOptions {
  readonly module: string
  /** Expression that gives the host. */
  readonly create: string
  readonly directory: string
}

/** Number of the program that was left behind, which reads its stdin to the end. */
export async function startInKilledProcess({ module, create, directory }: KilledProcessOptions): Promise<number> {
  const script = `
    const { ${create.slice(0, create.indexOf('('))} } = await import(${JSON.stringify(new URL(module, import.meta.url).href)})
    const host = ${create}
    const directory = ${JSON.stringify(directory)}
    const program = await host.start({ command: ['cat'], directory, log: ${JSON.stringify(join(directory, 'killed.log'))}, life: 'attached' })
    console.log(program.pid)
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What it cannot clear away goes with the folder.
    env: { ...process.env, TMPDIR: directory },
  })
  const [output] = (await Promise.race([
    once(owner.stdout, 'data'),
    once(owner, 'exit').then(() => expect.fail('it ended before it was killed')),
  ])) as [Buffer]
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  return Number(output.toString())
}
