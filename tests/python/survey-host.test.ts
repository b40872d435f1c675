import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { choosePython, readSurvey } from '../../src/python/survey-host.ts'
import type { HostSurvey } from '../../src/python/survey-host.ts'
import { localHostWith, temporaryFolder } from './local-host-with.ts'

const folder = temporaryFolder()
const host = localHostWith(join(folder, 'cache'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const recorded = [
  'uv\tuv 0.13.9 (x86_64-unknown-linux-gnu)',
  'uv-path\t/home/ada/.local/bin/uv',
  'python\t3.14.1\twhole\t/usr/bin/python3',
  'python\t3.11.7\tno-venv\t/usr/bin/python3.11',
  'ssh\tOpenSSH_9.2p1 Debian-2+deb12u10',
  'nvidia-driver\t570.86.15',
  'system\tLinux x86_64',
  'cores\t16',
  'memory-bytes\t137438953472',
  'free-disk-bytes\t50000000000',
  '',
].join('\n')

function surveyOf(changes: Partial<HostSurvey>): HostSurvey {
  return { ...readSurvey('system\tLinux x86_64\n'), ...changes }
}

it('readSurvey() reads what look.sh prints', () => {
  expect(readSurvey(recorded)).toEqual({
    system: 'Linux x86_64',
    cores: 16,
    memoryBytes: 137_438_953_472,
    freeDiskBytes: 50_000_000_000,
    uv: { version: '0.13.9', path: '/home/ada/.local/bin/uv' },
    ssh: 'OpenSSH_9.2p1 Debian-2+deb12u10',
    nvidiaDriver: '570.86.15',
    pythons: [
      { version: '3.14.1', path: '/usr/bin/python3', hasVenv: true },
      { version: '3.11.7', path: '/usr/bin/python3.11', hasVenv: false },
    ],
  })
})

it('readSurvey() has null for everything that was not found', () => {
  expect(readSurvey('')).toEqual({
    system: null,
    cores: null,
    memoryBytes: null,
    freeDiskBytes: null,
    uv: null,
    ssh: null,
    nvidiaDriver: null,
    pythons: [],
  })
})

it('choosePython() passes over versions that are too old or too new', () => {
  const python = (version: string): HostSurvey['pythons'][number] => ({ version, path: `/usr/bin/${version}`, hasVenv: true })
  const survey = surveyOf({ pythons: ['3.14.0', '3.10.2', '3.1.1', '3.13.0', '3.11.0'].map(python) })
  expect(choosePython(host, survey).version).toBe('3.13.0')
})

it('choosePython() takes a Python without venv only where uv can make the environment', () => {
  const pythons = [{ version: '3.11.7', path: '/usr/bin/python3.11', hasVenv: false }]
  expect(choosePython(host, surveyOf({ pythons, uv: { version: '0.13.9', path: '/u' } })).version).toBe('3.11.7')
  expect(() => choosePython(host, surveyOf({ pythons }))).toThrowErrorMatchingInlineSnapshot(`
    [PythonMissingError: PYTHON_MISSING  The trainer needs Python 3.11, 3.12 or 3.13: /usr/bin/python3.11 (3.11.7) has no venv module
      where  this machine
      fix    run: sudo apt install python3.11-venv (Debian, Ubuntu; elsewhere your system's package of the same), or install uv and run: uv python install 3.12]
  `)
})

it('choosePython() says which Pythons were found, and the command of the system', () => {
  const pythons = [{ version: '3.9.2', path: '/usr/bin/python3', hasVenv: true }]
  expect(() => choosePython(host, surveyOf({ pythons }))).toThrowErrorMatchingInlineSnapshot(`
    [PythonMissingError: PYTHON_MISSING  The trainer needs Python 3.11, 3.12 or 3.13: only 3.9.2 was found
      where  this machine
      fix    run: sudo apt install python3.12 python3.12-venv (Debian, Ubuntu; elsewhere your system's package of the same), or install uv and run: uv python install 3.12]
  `)
  expect(() => choosePython(host, surveyOf({ system: 'Darwin arm64' }))).toThrowErrorMatchingInlineSnapshot(`
    [PythonMissingError: PYTHON_MISSING  The trainer needs Python 3.11, 3.12 or 3.13: none was found
      where  this machine
      fix    run: brew install python@3.12]
  `)
  expect(() => choosePython(host, surveyOf({ uv: { version: '0.13.9', path: '/u' } }))).toThrow('fix    run: uv python install 3.12')
})
