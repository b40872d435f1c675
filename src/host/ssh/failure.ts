/**
 * @file Reads from what ssh wrote why a connection did not come about.
 */
import type { HoldfastError } from '../../base/errors.ts'
import { HostAuthRefusedError, HostKeyRefusedError } from '../errors.ts'

/** The error when trying again cannot help (key or user refused), else null. */
export function lastingFailure(hostName: string, stderr: string): HoldfastError | null {
  const reason = reasonOf(stderr)
  if (/host key verification failed|no \S+ host key is known|host key .*(?:changed|revoked)/i.test(stderr))
    return new HostKeyRefusedError({ host: hostName, reason })
  if (/permission denied \(|too many authentication failures|no more authentication methods/i.test(stderr)) {
    return new HostAuthRefusedError({ host: hostName, reason })
  }
  return null
}

/** The last lines of what ssh said, in one line. Frames of "@" and login banners come first and are left out. */
export function reasonOf(stderr: string): string {
  const lines = stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('@'))
  return lines.slice(-3).join('; ') || 'nothing'
}
