import { expect, it } from 'vitest'
import type { HoldfastError } from '../../src/base/errors.ts'
import * as errors from '../../src/host/errors.ts'

const ALL: readonly (readonly [string, HoldfastError])[] = [
  ['HostInvalidError', new errors.HostInvalidError({ reference: 'gpu1', problem: 'expected ssh://host' })],
  ['SshMissingError', new errors.SshMissingError({ host: 'user@gpu1' }, { cause: null })],
  ['HostUnreachableError', new errors.HostUnreachableError({ host: 'user@gpu1', reason: 'Connection refused\u001b[2J' })],
  ['HostKeyRefusedError', new errors.HostKeyRefusedError({ host: 'user@gpu1:2222', reason: 'Host key verification failed.' })],
  ['HostAuthRefusedError', new errors.HostAuthRefusedError({ host: 'gpu1', reason: 'Permission denied (publickey).' })],
  ['HostStartError', new errors.HostStartError({ host: 'gpu1', program: 'python3', reason: 'there is no such program\n' })],
  ['HostCopyError', new errors.HostCopyError({ host: 'gpu1', from: 'a', to: '/b', reason: 'tar: No space left on device\n' })],
  ['HostFileError', new errors.HostFileError({ host: 'gpu1', path: '/etc/shadow', reason: 'Permission denied' })],
  ['HostForwardError', new errors.HostForwardError({ host: 'gpu1', port: 8080, reason: 'remote port forwarding failed' })],
  ['HostClosedError', new errors.HostClosedError({ host: 'gpu1' })],
]

it('every error of hosts is in this test', () => {
  expect(ALL.map(([name]) => name).sort()).toEqual(Object.keys(errors).sort())
})

it('errors of hosts say what happened, where, and how to mend it', () => {
  expect(ALL.map(([, error]) => error.message).join('\n')).toMatchInlineSnapshot(`
    "HOST_INVALID  "gpu1" does not name a host: expected ssh://host
      where  the host setting
      fix    write ssh://gpu1 or ssh://user@gpu1:2222; keys, jump hosts and the like belong in ~/.ssh/config; leave it out for this machine
    SSH_MISSING  There is no ssh program on this machine
      where  user@gpu1
      fix    install OpenSSH's client (Debian and Ubuntu: apt install openssh-client), or add it to PATH
    HOST_UNREACHABLE  The host cannot be reached; ssh said "Connection refused [2J"
      where  user@gpu1
      fix    see that "ssh user@gpu1 true" works in a terminal, then run the same command again
    HOST_KEY_REFUSED  ssh does not trust the host's key; it said "Host key verification failed."
      where  user@gpu1:2222
      fix    run "ssh ssh://user@gpu1:2222 true" in a terminal and compare the fingerprint; for a machine that was really set up anew remove the old key with ssh-keygen -R
    HOST_AUTH_REFUSED  The host accepts none of your keys; ssh said "Permission denied (publickey)."
      where  gpu1
      fix    make "ssh gpu1 true" work without a password: ssh-copy-id, ssh-add for a key with a passphrase, or IdentityFile in ~/.ssh/config
    HOST_START_FAILED  "python3" could not be started: "there is no such program"
      where  gpu1
      fix    see that the program and its directory exist on the host and that the log can be written there
    HOST_COPY_FAILED  Copying "a" to "/b" failed: "tar: No space left on device"
      where  gpu1
      fix    see that the folder exists, that the target can be written and has free space, and that both machines have tar
    HOST_FILE_FAILED  "/etc/shadow" could not be used: "Permission denied"
      where  gpu1
      fix    see that your user may read and write there and that the disk has free space
    HOST_FORWARD_REFUSED  Port 8080 could not be forwarded; ssh said "remote port forwarding failed"
      where  gpu1
      fix    set "AllowTcpForwarding yes" in the sshd_config of the host (or ask its administrator), and look for permitopen or restrict in authorized_keys
    HOST_CLOSED  The host was closed and cannot be used any more
      where  gpu1
      fix    open the host again"
  `)
})
