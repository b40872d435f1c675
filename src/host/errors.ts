/**
 * @file Failures of hosts: a reference that names none, a machine that cannot be reached or refuses us, work on it that did not succeed.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

const QUOTED_LENGTH = 300

/** A host reference that is not understood. A password in it is not repeated. */
export class HostInvalidError extends defineError('HOST_INVALID', ({ reference, problem }: { reference: string; problem: string }) => ({
  summary: `${quoteUntrusted(reference)} does not name a host: ${problem}`,
  where: 'the host setting',
  fix: 'write ssh://gpu1 or ssh://user@gpu1:2222; keys, jump hosts and the like belong in ~/.ssh/config; leave it out for this machine',
})) {
  constructor({ reference, problem }: { reference: string; problem: string }) {
    super({ reference: reference.replace(/:[^@/]*@/, ':…@'), problem })
  }
}

/** There is no `ssh` program on this machine. */
export class SshMissingError extends defineError('SSH_MISSING', ({ host }: { host: string }) => ({
  summary: 'There is no ssh program on this machine',
  where: host,
  fix: "install OpenSSH's client (Debian and Ubuntu: apt install openssh-client), or add it to PATH",
})) {}

/** No connection came about, or it was lost and did not come back in time. */
export class HostUnreachableError extends defineError('HOST_UNREACHABLE', ({ host, reason }: { host: string; reason: string }) => ({
  summary: `The host cannot be reached; ssh said ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
  where: host,
  fix: `see that "${sshCommand(host)} true" works in a terminal, then run the same command again`,
})) {}

/** The host's key is unknown or is not the one that was known. */
export class HostKeyRefusedError extends defineError('HOST_KEY_REFUSED', ({ host, reason }: { host: string; reason: string }) => ({
  summary: `ssh does not trust the host's key; it said ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
  where: host,
  fix: `run "${sshCommand(host)} true" in a terminal and compare the fingerprint; for a machine that was really set up anew remove the old key with ssh-keygen -R`,
})) {}

/** The host accepts none of the user's keys; passwords are never asked for. */
export class HostAuthRefusedError extends defineError('HOST_AUTH_REFUSED', ({ host, reason }: { host: string; reason: string }) => ({
  summary: `The host accepts none of your keys; ssh said ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
  where: host,
  fix: `make "${sshCommand(host)} true" work without a password: ssh-copy-id, ssh-add for a key with a passphrase, or IdentityFile in ~/.ssh/config`,
})) {}

/** A program that could not be started. */
export class HostStartError extends defineError(
  'HOST_START_FAILED',
  ({ host, program, reason }: { host: string; program: string; reason: string }) => ({
    summary: `${quoteUntrusted(program)} could not be started: ${quoteUntrusted(reason.trim(), QUOTED_LENGTH)}`,
    where: host,
    fix: 'see that the program and its directory exist on the host and that the log can be written there',
  }),
) {}

/** A folder that could not be copied to or from a host. */
export class HostCopyError extends defineError(
  'HOST_COPY_FAILED',
  ({ host, from, to, reason }: { host: string; from: string; to: string; reason: string }) => ({
    summary: `Copying ${quoteUntrusted(from)} to ${quoteUntrusted(to)} failed: ${quoteUntrusted(reason.trim(), QUOTED_LENGTH)}`,
    where: host,
    fix: 'see that the folder exists, that the target can be written and has free space, and that both machines have tar',
  }),
) {}

/** A file of a host that could not be read, written or removed. */
export class HostFileError extends defineError(
  'HOST_FILE_FAILED',
  ({ host, path, reason }: { host: string; path: string; reason: string }) => ({
    summary: `${quoteUntrusted(path)} could not be used: ${quoteUntrusted(reason.trim(), QUOTED_LENGTH)}`,
    where: host,
    fix: 'see that your user may read and write there and that the disk has free space',
  }),
) {}

/** The host does not let ports be forwarded. */
export class HostForwardError extends defineError(
  'HOST_FORWARD_REFUSED',
  ({ host, port, reason }: { host: string; port: number; reason: string }) => ({
    summary: `Port ${port} could not be forwarded; ssh said ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
    where: host,
    fix: 'set "AllowTcpForwarding yes" in the sshd_config of the host (or ask its administrator), and look for permitopen or restrict in authorized_keys',
  }),
) {}

/** A host that was used after `close`. */
export class HostClosedError extends defineError('HOST_CLOSED', ({ host }: { host: string }) => ({
  summary: 'The host was closed and cannot be used any more',
  where: host,
  fix: 'open the host again',
})) {}

/** What a person types for the same connection; `name` is "user@gpu1:2222" or shorter. */
function sshCommand(name: string): string {
  return `ssh ${/[:[]/.test(name) ? `ssh://${name}` : name}`
}
