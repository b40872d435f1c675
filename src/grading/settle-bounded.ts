/**
 * @file Work on many items that may or may not be waited for.
 */

/**
 * The results in the order of the items. Work that answers at once costs no promise; of the rest at most `limit` is under way at a time.
 * @throws what the first work to fail throws; what is under way then is not waited for
 */
export async function settleBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = new Set<Promise<boolean>>()
  for (const [index, item] of items.entries()) {
    const result = work(item)
    if (!(result instanceof Promise)) {
      results[index] = result
      continue
    }
    const settled: Promise<boolean> = result.then((value) => {
      results[index] = value
      return waiting.delete(settled)
    })
    // Seen by the race or by the end; a second failure has nobody left to tell.
    settled.catch(() => undefined)
    waiting.add(settled)
    if (waiting.size >= limit) await Promise.race(waiting)
  }
  await Promise.all(waiting)
  return results
}
