import { afterAll, expect, it } from 'vitest'
import { openHost } from '../../src/host/open-host.ts'
import { parseSshTarget } from '../../src/host/ssh/target.ts'

const opened = [openHost(undefined), openHost('ssh://user@gpu1')]
afterAll(() => Promise.all(opened.map((host) => host.close())))

it('openHost() gives this machine when nothing is named, else the one behind ssh', () => {
  expect(opened.map(({ name, isLocal }) => ({ name, isLocal }))).toEqual([
    { name: 'this machine', isLocal: true },
    { name: 'user@gpu1', isLocal: false },
  ])
})

it.each([
  ['ssh://gpu1', 'gpu1', ['gpu1']],
  ['ssh://gpu1/', 'gpu1', ['gpu1']],
  ['ssh://user@gpu1.example.org:2222', 'user@gpu1.example.org:2222', ['-p', '2222', '-l', 'user', 'gpu1.example.org']],
  ['ssh://a.b-c@10.0.0.7', 'a.b-c@10.0.0.7', ['-l', 'a.b-c', '10.0.0.7']],
  ['ssh://[fe80::1%eth0]:22', '[fe80::1%eth0]:22', ['-p', '22', 'fe80::1%eth0']],
])('parseSshTarget() reads %s', (reference, name, args) => {
  expect(parseSshTarget(reference)).toEqual({ name, args })
})

it.each([
  '',
  'gpu1',
  'http://gpu1',
  'ssh://',
  'ssh://-oProxyCommand=sh',
  'ssh://-l@gpu1',
  'ssh://user:word@gpu1',
  'ssh://gpu1:0',
  'ssh://gpu1:65536',
  'ssh://gpu1/path',
  'ssh://a b',
  'ssh://gpu1\n',
])('openHost() refuses %j', (reference) => {
  expect(() => openHost(reference)).toThrow('HOST_INVALID')
})

it('openHost() repeats no password', () => {
  expect(() => openHost('ssh://user:hunter2@gpu1')).toThrow('"ssh://user:…@gpu1" does not name a host')
})
