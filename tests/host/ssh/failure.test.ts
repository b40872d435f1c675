import { expect, it } from 'vitest'
import { lastingFailure, reasonOf } from '../../../src/host/ssh/failure.ts'

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for gpu1 has changed and you have requested strict checking.\r
Host key verification failed.\r
`

it.each([
  [CHANGED, 'HOST_KEY_REFUSED'],
  [
    'No ED25519 host key is known for gpu1 and you have requested strict checking.\r\nHost key verification failed.\r\n',
    'HOST_KEY_REFUSED',
  ],
  ['user@gpu1: Permission denied (publickey,password).\r\n', 'HOST_AUTH_REFUSED'],
  ['Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures\r\n', 'HOST_AUTH_REFUSED'],
])('lastingFailure() sees what trying again cannot mend: %j', (stderr, code) => {
  expect(lastingFailure('gpu1', stderr)?.code).toBe(code)
})

it.each([
  'ssh: connect to host gpu1 port 22: Connection refused\r\n',
  'ssh: Could not resolve hostname gpu1: Temporary failure in name resolution\r\n',
  'Connection timed out during banner exchange\r\n',
  '',
])('lastingFailure() lets %j be tried again', (stderr) => {
  expect(lastingFailure('gpu1', stderr)).toBeNull()
})

it('reasonOf() gives the last lines without frames', () => {
  expect(reasonOf(CHANGED)).toBe(
    'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!; Host key for gpu1 has changed and you have requested strict checking.; Host key verification failed.',
  )
  expect(reasonOf('\r\n')).toBe('nothing')
})
