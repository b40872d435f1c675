/**
 * @file The command line as a process of its own, run from its source.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** Starts it with its reports and completions in the folder `reports`. */
export function startHoldfast(
  args: readonly string[],
  { reports, env = {} }: { readonly reports: string; readonly env?: NodeJS.ProcessEnv },
): Started {
  const program = new URL('./run-command-line.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args, '--reports', reports], {
    env: { ...process.env, HOLDFAST_COMPLETIONS: join(reports, 'completions'), HOLDFAST_API_KEY: '', OPENAI_API_KEY: '', CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, error] = ['', '']
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (error += data.toString()))
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error }))) }
}
