/**
 * @file Runs work on many items, a bounded number at a time.
 */

/** The results in the order of the items. The first failure ends it: what has not begun is not begun. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let isFailed = false
  const worker = async (): Promise<void> => {
    while (next < items.length && !isFailed) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item, index)
      } catch (error) {
        isFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
