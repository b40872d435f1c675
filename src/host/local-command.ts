/**
 * @file Runs a command on this machine to its end.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { CommandOptions, CommandResult } from './host.ts'
import { LineReader } from './line-reader.ts'
import { signalGroup } from './local-process.ts'

const KILL_AFTER_MS = 5000

/**
 * Runs `command`; a program or directory that is missing gives code 127, as a shell does. Only a command with a time limit gets a process group of its own, so
 * that everything it started ends with it; any other stays in ours, where Ctrl+C reaches it.
 */
export function runLocalCommand([program = '', ...args]: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { env, directory, input = '', timeoutMs } = options
  const child = spawn(program, args, { cwd: directory, env: { ...process.env, ...env }, stdio: 'pipe', detached: timeoutMs !== undefined })
  const stopLimit = limitTime(child, timeoutMs)
  const [stdout, stderr] = [collect(child.stdout, options), collect(child.stderr, options)]
  // A command may end before it has read its input.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve) => {
    child.once('error', (cause) => {
      stopLimit()
      const missing = directory !== undefined && !existsSync(directory) ? `${directory}: no such directory` : cause.message
      resolve({ code: 127, stdout: '', stderr: missing })
    })
    child.once('close', (code) => {
      stopLimit()
      resolve({ code, stdout: stdout(), stderr: stderr() })
    })
  })
}

function collect(stream: NonNullable<ChildProcess['stdout']>, { onLine }: CommandOptions): () => string {
  const chunks: Buffer[] = []
  const lines = onLine === undefined ? null : new LineReader(onLine)
  stream.on('data', (bytes: Buffer) => {
    chunks.push(bytes)
    lines?.push(bytes)
  })
  stream.once('end', () => lines?.end())
  return () => Buffer.concat(chunks).toString()
}

function limitTime({ pid }: ChildProcess, timeoutMs: number | undefined): () => void {
  if (timeoutMs === undefined || pid === undefined) return () => {}
  let timer = setTimeout(() => {
    signalGroup(pid, 'TERM')
    timer = setTimeout(() => signalGroup(pid, 'KILL'), KILL_AFTER_MS)
  }, timeoutMs)
  return () => clearTimeout(timer)
}
