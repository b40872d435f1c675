/**
 * @file Runs work on many items, a bounded number at a time.
 */
import { setMaxListeners } from 'node:events'
import { withinDeadline } from '../../base/deadline.ts'

/** How long work that is under way when other work fails is waited for: it may have been paid for. */
const DRAIN_MS = 30_000

/**
 * The results in the order of the items. The first failure ends it: what has not begun is not begun, what is under way is waited for, and its signal
 * says that nothing more should be begun for it.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const ending = new AbortController()
  // As many as there is work at a time.
  setMaxListeners(0, ending.signal)
  let failure: { readonly error: unknown } | null = null
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === null) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item, index, ending.signal)
      } catch (error) {
        failure ??= { error }
        ending.abort()
      }
    }
  }
  const workers = Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  await Promise.race([workers, aborted(ending.signal)])
  const failed = failure as { readonly error: unknown } | null
  if (failed === null) return results
  await withinDeadline(workers, { deadlineMs: DRAIN_MS })
  throw failed.error
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
