/**
 * @file What products write when a person liked an answer or not.
 */

const UP: ReadonlySet<unknown> = new Set([
  true,
  1,
  '1',
  '+1',
  'up',
  'thumbs_up',
  'thumbs-up',
  'thumbsup',
  'positive',
  'good',
  'like',
  'liked',
  'true',
  '👍',
])
const DOWN: ReadonlySet<unknown> = new Set([
  ...[false, 0, -1, '0', '-1', 'down', 'thumbs_down', 'thumbs-down', 'thumbsdown', 'negative', 'bad', 'dislike', 'disliked', 'false', '👎'],
])

/** Up or down; undefined for anything whose meaning is not certain, a number of stars among them. */
export function thumbOf(value: unknown): 'up' | 'down' | undefined {
  const plain = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (UP.has(plain)) return 'up'
  return DOWN.has(plain) ? 'down' : undefined
}
