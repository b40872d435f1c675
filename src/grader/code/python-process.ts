/**
 * @file One confined Python process: started, spoken to in lines of JSON, limited in time and output, killed. It judges nothing that is said.
 */
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'

/** Limits of one process. */
export interface PythonLimits {
  readonly memoryMb: number
  readonly cpuSeconds: number
  /** Whether installed packages (numpy and their like) can be imported. */
  readonly packages: boolean
  /** False only where the user said that the code is trusted. */
  readonly confined: boolean
}

/** One message; null when the process ended, said too much or said something that is no JSON. */
export type PythonMessage = Readonly<Record<string, unknown>> | null

const OUTPUT_BYTES_AT_MOST = 8 * 1024 * 1024

const interpreters = new Map<string, Promise<string | null>>()

/** The real path of an interpreter (not of a shim in front of it); null when there is none. */
export function findInterpreter(given: string): Promise<string | null> {
  const known = interpreters.get(given)
  if (known !== undefined) return known
  const asked = new Promise<string | null>((resolve) => {
    execFile(given, ['-I', '-S', '-c', 'import sys; print(sys.executable)'], { timeout: 20_000 }, (error, stdout) => {
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : null)
    })
  })
  interpreters.set(given, asked)
  return asked
}

/** The Python of a grader: what it names, else the one of HOLDFAST_PYTHON, else the system's. */
export function interpreterName(given: string | undefined): string {
  const named = process.env['HOLDFAST_PYTHON'] ?? ''
  return given ?? (named === '' ? 'python3' : named)
}

/** The text of programs that belong together, as one. */
export function programText(...files: readonly string[]): string {
  return files.map((file) => readFileSync(new URL(`./${file}.py`, import.meta.url), 'utf8')).join('\n')
}

/** A process without environment variables whose only channel is its stdin and one pipe; what its code prints goes nowhere. */
export class PythonProcess {
  readonly #child: ChildProcess
  readonly #lines: PythonMessage[] = []
  #waiting: ((message: PythonMessage) => void) | null = null
  #rest = ''
  #received = 0
  #ended = false
  #late = false

  constructor(interpreter: string, program: string) {
    // A group of its own, so that killing it leaves nothing behind where code is not confined.
    this.#child = spawn(interpreter, ['-I', '-S', '-B', '-c', program], {
      env: {},
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      detached: true,
    })
    this.#child.on('error', () => this.#end())
    this.#child.on('exit', () => this.#end())
    this.#child.stdin?.on('error', () => {})
    const replies = this.#child.stdio[3] as Readable
    replies.on('error', () => {})
    replies.on('data', (bytes: Buffer) => this.#receive(bytes))
    replies.on('end', () => this.#end())
  }

  /** Whether it was killed because it did not speak in time. */
  get wasLate(): boolean {
    return this.#late
  }

  /** Says one message. */
  say(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  /** The next message, or null when the process has ended or is killed because it did not speak before `atMs` (of `performance.now()`). */
  async hear(atMs: number): Promise<PythonMessage> {
    const ready = this.#lines.shift()
    if (ready !== undefined || this.#ended) return ready ?? null
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.#late = true
          this.kill()
        },
        Math.max(0, atMs - performance.now()),
      )
      this.#waiting = (message) => {
        clearTimeout(timer)
        this.#waiting = null
        resolve(message)
      }
    })
  }

  /** Ends it and all that it started. */
  kill(): void {
    const { pid } = this.#child
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        this.#child.kill('SIGKILL')
      }
    }
    this.#end()
  }

  #receive(bytes: Buffer): void {
    if (this.#ended) return
    this.#received += bytes.length
    if (this.#received > OUTPUT_BYTES_AT_MOST) return this.kill()
    const [first = '', ...more] = bytes.toString('latin1').split('\n')
    this.#rest += first
    for (const next of more) {
      this.#deliver(this.#rest)
      this.#rest = next
    }
  }

  #deliver(line: string): void {
    const message = parseMessage(line)
    if (message === null) return this.kill()
    if (this.#waiting === null) this.#lines.push(message)
    else this.#waiting(message)
  }

  #end(): void {
    this.#ended = true
    this.#waiting?.(null)
  }
}

/** Messages are ASCII: their writer escapes everything else. */
function parseMessage(line: string): PythonMessage {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null && !Array.isArray(message) ? (message as PythonMessage) : null
  } catch {
    return null
  }
}
