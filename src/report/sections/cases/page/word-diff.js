/**
 * @file Word by word difference of two texts: longest common subsequence of words, spaces and punctuation. Very long texts are compared
 * only between their common ends, so that a click never waits.
 */

const MAX_TABLE = 1_000_000

/**
 * Parts of both texts in order; `kind` says where a part stands: in both, only before, only after.
 * @typedef {{ kind: 'both' | 'before' | 'after', text: string }} DiffPart
 */

/** @param {string} before @param {string} after @returns {DiffPart[]} */
export function wordDiff(before, after) {
  const [a, b] = [words(before), words(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const middle = middleDiff(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const common = (/** @type {string[]} */ list) => list.map((text) => /** @type {DiffPart} */ ({ kind: 'both', text }))
  return joined([...common(a.slice(0, start)), ...middle, ...common(a.slice(a.length - end))])
}

/** Whether enough is common (a fifth of the longer text's letters and digits) for marks to help a reader. @param {DiffPart[]} parts */
export function worthMarking(parts) {
  const size = { both: 0, before: 0, after: 0 }
  for (const part of parts) size[part.kind] += part.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return size.both >= 0.2 * (size.both + Math.max(size.before, size.after))
}

/** @param {string} text @returns {string[]} */
function words(text) {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []
}

/** @param {string[]} a @param {string[]} b @returns {DiffPart[]} */
function middleDiff(a, b) {
  const before = a.map((text) => /** @type {DiffPart} */ ({ kind: 'before', text }))
  const after = b.map((text) => /** @type {DiffPart} */ ({ kind: 'after', text }))
  if (a.length * b.length > MAX_TABLE) return [...before, ...after]
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j
      length[here] = a[i] === b[j] ? length[here + width + 1] + 1 : Math.max(length[here + width], length[here + 1])
    }
  }
  /** @type {DiffPart[]} */
  const parts = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const here = i * width + j
    if (a[i] === b[j]) {
      parts.push(/** @type {DiffPart} */ ({ kind: 'both', text: a[i] }))
      i += 1
      j += 1
    } else if (length[here + width] >= length[here + 1]) parts.push(before[i++])
    else parts.push(after[j++])
  }
  return [...parts, ...before.slice(i), ...after.slice(j)]
}

/** @param {DiffPart[]} parts @returns {DiffPart[]} */
function joined(parts) {
  /** @type {DiffPart[]} */
  const result = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last?.kind === part.kind) last.text += part.text
    else result.push({ ...part })
  }
  return result
}
