/**
 * @file Short POSIX shell scripts on a host, tried again when the connection is lost: they must do the same when run twice.
 */
import type { Attempt, SshConnection } from './ssh/connection.ts'
import { openSession, readAll, type ScriptResult, type SessionAddress } from './ssh/session.ts'

/** Runs `script` to its end. The connection's errors are thrown, the script's exit code is a value. */
export function runScript(connection: SshConnection, script: string, input = ''): Promise<ScriptResult> {
  return connection.retry((address) => attemptScript(address, script, input))
}

/** One try at a script. */
export async function attemptScript(address: SessionAddress, script: string, input = ''): Promise<Attempt<ScriptResult>> {
  const session = openSession(address, script)
  session.stdin.end(input)
  const [stdout, stderr, { code, problem, hasBegun }] = await Promise.all([readAll(session.stdout), readAll(session.stderr), session.ended])
  if (code === null) return { isLost: true, reason: problem || 'nothing', hasBegun }
  return { isLost: false, value: { code, stdout, stderr: stderr.toString() } }
}
