/**
 * @file Numbers as the report prints them: shares as points, p-values, sizes and times. A number that does not exist is a dash, never a zero.
 */
import { points } from '../gate/verdict-sentence.ts'

export const MISSING = '–'

/** A share as points without sign: 0.8125 is "81.3". */
export function sharePoints(share: number | null): string {
  return share === null ? MISSING : (share * 100).toFixed(1)
}

/** A difference of shares as signed points with a true minus sign, rounded as the gate's sentences are: -0.073 is "−7.3". */
export function signedPoints(difference: number | null): string {
  return difference === null ? MISSING : points(difference).replace('-', '−')
}

/** A sentence of the gate with true minus signs before its numbers: hyphens inside words, dates and exponents stay. */
export function minusSigns(sentence: string): string {
  return sentence.replace(/(?<![\p{L}\p{N}-])-(?=\d)/gu, '−')
}

/** An interval of differences: "[−12.3, −3.1]". */
export function intervalPoints(interval: readonly [number | null, number | null]): string {
  return interval[0] === null || interval[1] === null ? MISSING : `[${signedPoints(interval[0])}, ${signedPoints(interval[1])}]`
}

/** A p-value to three decimals, small ones as a bound. */
export function pValue(p: number | null): string {
  if (p === null) return MISSING
  return p < 0.001 ? '< .001' : p > 0.999 ? '> .999' : p.toFixed(3).slice(1)
}

/** Symbol beside a difference, readable without colour: up, down or equal to the printed digit. */
export function directionSymbol(difference: number | null): string {
  if (difference === null || Math.abs(difference) < 0.0005) return '='
  return difference > 0 ? '▲' : '▼'
}

/** A count with thin spaces between thousands. */
export function countText(count: number | null): string {
  return count === null ? MISSING : String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** Seconds as "43 s", "2 min 05 s" or "1 h 02 min". */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`
}

/** Bytes as "612 MB" (decimal). */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return MISSING
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.round(bytes / 1e6)} MB`
}
