/**
 * @file Gives each row a column of its own so that their scores add up to as much as possible. Best pairs first would not do: the one call that
 * suits two expectations must go to the one that no other call suits.
 */

/**
 * For each row its column, null where it gets none. Scores are from 0 to 1; rows and columns need not be equally many. Time grows with the cube of the larger number.
 * Source: the shortest augmenting paths of Jonker and Volgenant (1987), on costs of 1 less the score.
 */
export function assignBest(scores: readonly (readonly number[])[], columnCount: number): readonly (number | null)[] {
  const size = Math.max(scores.length, columnCount)
  const cost = (row: number, column: number): number => 1 - (scores[row]?.[column] ?? 0)
  const [rowPrice, columnPrice] = [new Float64Array(size), new Float64Array(size + 1)]
  // Column `size` is where the search for each row begins.
  const rowOf = new Int32Array(size + 1).fill(-1)
  for (let row = 0; row < size; row++) {
    const [least, cameFrom, done] = [new Float64Array(size).fill(Infinity), new Int32Array(size).fill(size), new Uint8Array(size + 1)]
    let at = size
    rowOf[size] = row
    while (rowOf[at] !== -1) {
      done[at] = 1
      const from = rowOf[at] as number
      let [next, delta] = [size, Infinity]
      for (let column = 0; column < size; column++) {
        if (done[column] === 1) continue
        const reduced = cost(from, column) - (rowPrice[from] as number) - (columnPrice[column] as number)
        if (reduced < (least[column] as number)) {
          least[column] = reduced
          cameFrom[column] = at
        }
        if ((least[column] as number) < delta) [next, delta] = [column, least[column] as number]
      }
      for (let column = 0; column <= size; column++) {
        if (done[column] === 1) {
          rowPrice[rowOf[column] as number] = (rowPrice[rowOf[column] as number] as number) + delta
          columnPrice[column] = (columnPrice[column] as number) - delta
        } else if (column < size) least[column] = (least[column] as number) - delta
      }
      at = next
    }
    for (; at !== size; at = cameFrom[at] as number) rowOf[at] = rowOf[cameFrom[at] as number] as number
  }
  const columns: (number | null)[] = scores.map(() => null)
  for (let column = 0; column < columnCount; column++) {
    const row = rowOf[column] as number
    if (row >= 0 && row < scores.length) columns[row] = column
  }
  return columns
}
