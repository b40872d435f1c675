/**
 * @file Bytes, counts and hours as estimates print them: two or three digits, because they know no more.
 */

const GIB = 2 ** 30
const MIB = 2 ** 20

/** "21.4 GB", "310 MB": powers of two, as nvidia-smi counts a 24 GB card. */
export function formatBytes(bytes: number): string {
  if (bytes >= 0.95 * GIB) return `${(bytes / GIB).toFixed(1)} GB`
  return `${Math.round(bytes / MIB)} MB`
}

/** "950", "38 k", "1.2 M", "14 M", "8.0 B". */
export function formatCount(count: number): string {
  if (count < 1000) return String(Math.round(count))
  if (count < 999_500) return scaled(count / 1e3, 'k')
  return count < 999_500_000 ? scaled(count / 1e6, 'M') : scaled(count / 1e9, 'B')
}

/** "40 s", "12 min", "3.4 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return '< 1 s'
  if (seconds < 99.5) return `${Math.round(seconds)} s`
  return seconds < 99.5 * 60 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

function scaled(value: number, unit: string): string {
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`
}
