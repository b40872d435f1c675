/**
 * @file Length of the longest common subsequence of two lists, 32 items of the first at a time.
 * Source: Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004: V' = (V + (V & M)) | (V & ~M); every 0 bit of V is one match.
 */

/** Items of each list that are looked at. What comes after them matches nothing, so that a long text costs bounded time and gains nothing by it. */
export const MATCHED_ITEMS = 16_384

/** Length of the longest common subsequence of the first MATCHED_ITEMS items of each. */
export function commonSubsequenceLength<Item>(first: readonly Item[], second: readonly Item[]): number {
  const [a, b] = [first.slice(0, MATCHED_ITEMS), second.slice(0, MATCHED_ITEMS)]
  // What both begin and end with is part of a longest one; most answers that are nearly right end here.
  const least = Math.min(a.length, b.length)
  let start = 0
  while (start < least && a[start] === b[start]) start += 1
  let end = 0
  while (end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  return start + end + middleLength(a.slice(start, a.length - end), b.slice(start, b.length - end))
}

function middleLength<Item>(a: readonly Item[], b: readonly Item[]): number {
  const indexes = indexesOf(a)
  const wordCount = Math.ceil(a.length / 32)
  const row = new Int32Array(wordCount).fill(-1)
  const masks = new Map<Item, Int32Array>()
  const scratch = new Int32Array(wordCount)
  for (const item of b) {
    const found = indexes.get(item)
    if (found === undefined) continue
    // An item that is frequent in the first list keeps its mask; there are at most wordCount of them. The others are written anew each time.
    const frequent = found.length > 32
    const mask = masks.get(item) ?? writeMask(frequent ? new Int32Array(wordCount) : scratch, found)
    if (frequent) masks.set(item, mask)
    step(row, mask, { from: (found[0] as number) >>> 5, to: (found.at(-1) as number) >>> 5 })
    if (!frequent) for (const index of found) scratch[index >>> 5] = 0
  }
  return zeroBits(row, a.length)
}

function indexesOf<Item>(items: readonly Item[]): ReadonlyMap<Item, readonly number[]> {
  const indexes = new Map<Item, number[]>()
  for (const [at, item] of items.entries()) {
    const known = indexes.get(item)
    if (known === undefined) indexes.set(item, [at])
    else known.push(at)
  }
  return indexes
}

function writeMask(mask: Int32Array, indexes: readonly number[]): Int32Array {
  for (const index of indexes) mask[index >>> 5] = (mask[index >>> 5] as number) | (1 << (index & 31))
  return mask
}

/** One item of the second list. Words before the mask's first stay as they are, and those after its last change only while a carry runs. */
function step(row: Int32Array, mask: Int32Array, { from, to }: { readonly from: number; readonly to: number }): void {
  let carry = 0
  for (let word = from; word < row.length && (word <= to || carry === 1); word++) {
    const v = row[word] as number
    const m = mask[word] as number
    const u = v & m
    // Kept to 32-bit integers, sum and carry: a sum beyond them is a floating-point number, which costs more than twice the time.
    const sum = (((v + u) | 0) + carry) | 0
    carry = ((v & u) | ((v | u) & ~sum)) >>> 31
    row[word] = sum | (v & ~m)
  }
}

function zeroBits(row: Int32Array, bits: number): number {
  let zeros = 0
  for (let at = 0; at < bits; at++) zeros += 1 - (((row[at >>> 5] as number) >>> (at & 31)) & 1)
  return zeros
}
