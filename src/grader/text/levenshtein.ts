/**
 * @file Edit distance between texts, 32 rows of the table at a time, so that 10 kB against 10 kB takes about 20 ms.
 */

/** Longer texts are compared up to here; the rest counts as different. */
const MAX_COMPARED = 10_000

// Which rows of the current block hold a character, by UTF-16 code unit. Cleared after every block.
const rowsOf = new Int32Array(0x10000)

/**
 * The least number of insertions, deletions and replacements of UTF-16 code units that turn one text into the other (Levenshtein).
 * Of what differs, at most the first 10,000 code units are compared exactly: for longer texts this is an upper bound.
 * Source: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances" (2003), in blocks of 32 rows.
 */
export function editDistanceOf(a: string, b: string): number {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1
    endB -= 1
  }
  const [restA, restB] = [a.slice(start, endA), b.slice(start, endB)]
  const [headA, headB] = [restA.slice(0, MAX_COMPARED), restB.slice(0, MAX_COMPARED)]
  const tail = Math.max(restA.length - headA.length, restB.length - headB.length)
  return tail + (headA.length === 0 || headB.length === 0 ? Math.max(headA.length, headB.length) : byBlocks(headA, headB))
}

const GROWS = 1
const SHRINKS = 2

function byBlocks(rows: string, columns: string): number {
  const codes = Uint16Array.from({ length: columns.length }, (_, column) => columns.charCodeAt(column))
  // What leaves a block at its bottom, per column: whether the distance grows or shrinks from one column to the next.
  const carry = new Uint8Array(columns.length).fill(GROWS)
  let change = 0
  for (let top = 0; top < rows.length; top += 32) change = oneBlock(rows.slice(top, top + 32), codes, carry)
  return rows.length + change
}

/** Runs one block over all columns, changes the carry, and gives the sum of what left at its bottom. */
function oneBlock(block: string, columns: Uint16Array, carry: Uint8Array): number {
  for (let row = 0; row < block.length; row++) rowsOf[block.charCodeAt(row)] = (rowsOf[block.charCodeAt(row)] as number) | (1 << row)
  const last = block.length - 1
  let up = -1
  let down = 0
  let sum = 0
  for (let column = 0; column < columns.length; column++) {
    const enters = carry[column] as number
    const found = rowsOf[columns[column] as number] as number
    const equal = found | (enters >> 1)
    const diagonal = ((((equal & up) + up) | 0) ^ up) | equal
    const grow = down | ~(diagonal | up)
    const shrink = up & diagonal
    const grew = (grow >>> last) & 1
    const shrank = (shrink >>> last) & 1
    carry[column] = grew | (shrank << 1)
    sum += grew - shrank
    const growShifted = (grow << 1) | (enters & GROWS)
    const vertical = found | down
    up = (shrink << 1) | ((enters & SHRINKS) >> 1) | ~(vertical | growShifted)
    down = growShifted & vertical
  }
  for (let row = 0; row < block.length; row++) rowsOf[block.charCodeAt(row)] = 0
  return sum
}
