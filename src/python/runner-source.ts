/**
 * @file A Python process on this machine that has the runner's libraries loaded, and starts trainings and servers as forks of itself: importing torch and
 * TRL takes seconds, which a fork saves. It ends by itself when nobody asks for long, and with this process, however that ends.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { z } from 'zod'

/** What is to be started. */
export interface ForkRequest {
  /** Arguments of `holdfast_runner`: the command and its file. */
  readonly arguments: readonly string[]
  /** What this one's environment adds. */
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  /** File that its output is appended to. */
  readonly log: string
}

/** Starts forks. */
export interface RunnerSource {
  /** The number of the process, which leads a group of its own; null where a fork would not do. @throws when the source has ended */
  fork(request: ForkRequest): Promise<number | null>
  /** Lets a fork's standard input end, which ends the fork. */
  release(pid: number): Promise<void>
  /** Whether it can be asked. */
  isOpen(): boolean
}

const readySchema = z.object({ ready: z.literal(true) })
const answerSchema = z.object({ pid: z.number().nullable() })

/** Null where the libraries cannot be loaded. */
export async function openRunnerSource(python: string, env: Readonly<Record<string, string | undefined>>): Promise<RunnerSource | null> {
  const child = spawn(python, ['-m', 'holdfast_runner', 'fork'], { env, stdio: ['pipe', 'pipe', 'ignore'], detached: true })
  const answers = new Answers(child, child.stdout)
  child.stdin.on('error', () => {})
  try {
    readySchema.parse(await answers.after(() => {}))
  } catch {
    return null
  }
  let last: Promise<unknown> = Promise.resolve()
  // One after another: an answer belongs to the request before it.
  const ask = async (request: object): Promise<number | null> => {
    const answer = last.then(() => answers.after(() => child.stdin.write(`${JSON.stringify(request)}\n`)))
    last = answer.catch(() => undefined)
    return answerSchema.parse(await answer).pid
  }
  return {
    isOpen: () => answers.isOpen,
    fork: ask,
    release: async (pid) => void (await ask({ end: pid })),
  }
}

/** Lines that a process says. It keeps this process from ending only while one is waited for. */
class Answers {
  isOpen = true
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<never>

  constructor(child: ChildProcess, stdout: Readable) {
    this.#child = child
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
    const end = (): never => {
      this.isOpen = false
      throw new Error('the runner has ended')
    }
    this.#ended = once(child, 'exit').then(end, end)
    this.#ended.catch(() => undefined)
    this.#hold(false)
  }

  async after(ask: () => void): Promise<unknown> {
    this.#hold(true)
    try {
      ask()
      const line = await Promise.race([this.#lines.next(), this.#ended])
      if (line.done === true) throw new Error('the runner has ended')
      return JSON.parse(line.value) as unknown
    } finally {
      this.#hold(false)
    }
  }

  #hold(isHeld: boolean): void {
    for (const handle of [this.#child, this.#child.stdin, this.#child.stdout] as const) {
      if (handle === null || !('ref' in handle) || !('unref' in handle)) continue
      const { ref, unref } = handle as { readonly ref: () => void; readonly unref: () => void }
      if (isHeld) ref.call(handle)
      else unref.call(handle)
    }
  }
}
