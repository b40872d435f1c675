import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatDuration } from '../../src/estimate/format-figures.ts'

test('formatBytes() counts in powers of two and leaves megabytes below a gigabyte', () => {
  expect([24 * 2 ** 30, 0.96 * 2 ** 30, 0.94 * 2 ** 30, 310 * 2 ** 20, 0].map(formatBytes)).toEqual([
    '24.0 GB',
    '1.0 GB',
    '963 MB',
    '310 MB',
    '0 MB',
  ])
})

test('formatCount() keeps two or three digits', () => {
  expect([0, 950.4, 1000, 9940, 9960, 38_400, 999_400, 999_600, 14_200_000, 2.34e9].map(formatCount)).toEqual([
    '0',
    '950',
    '1.0 k',
    '9.9 k',
    '10 k',
    '38 k',
    '999 k',
    '1.0 M',
    '14 M',
    '2.3 B',
  ])
})

test('formatDuration() goes from seconds over minutes to hours', () => {
  expect([0.4, 1, 99, 100, 720, 5900, 6000, 12_240].map(formatDuration)).toEqual([
    '< 1 s',
    '1 s',
    '99 s',
    '2 min',
    '12 min',
    '98 min',
    '1.7 h',
    '3.4 h',
  ])
})
