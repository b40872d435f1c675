/**
 * @file Says every ten seconds that work goes on, for commands that have no progress of their own to show.
 */
import type { TextStream } from '../terminal.ts'
import { duration } from './format-progress.ts'

const EVERY_MS = 9500

/** The result of the work; nothing is written of work that is quick. */
export async function stillAlive<T>(stream: TextStream, label: string, work: () => Promise<T>): Promise<T> {
  const beganMs = performance.now()
  const timer = setInterval(() => stream.write(`[${duration((performance.now() - beganMs) / 1000)}] ${label}\n`), EVERY_MS)
  timer.unref()
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
