import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { surveyHost } from '../../src/python/survey-host.ts'
import { localHostWith, pathWith, temporaryFolder } from './local-host-with.ts'

const folder = temporaryFolder()
const host = localHostWith(join(folder, 'cache'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('surveyHost() learns system, cores, memory and the disk of a folder that is not there yet', async () => {
  const survey = await surveyHost(host)
  expect(survey.system).toMatch(/^(Linux|Darwin) \w+$/)
  expect(survey.cores).toBeGreaterThan(0)
  expect(survey.memoryBytes).toBeGreaterThan(1e8)
  expect(survey.freeDiskBytes).toBeGreaterThan(0)
})

it('surveyHost() leaves out a Python name that does not run and a driver that does not answer', async () => {
  const path = pathWith(join(folder, 'broken'), {
    'python3.12': 'echo "version manager: 3.12 is not chosen" >&2; exit 127',
    'nvidia-smi': 'echo "NVIDIA-SMI has failed because it could not communicate with the driver"; exit 9',
  })
  const survey = await surveyHost(localHostWith(folder, { PATH: path }))
  expect(survey.nvidiaDriver).toBeNull()
  expect(survey.pythons.filter((python) => python.path.startsWith(join(folder, 'broken')))).toEqual([])
})

it('surveyHost() tries the named Pythons best first and takes the path they tell', async () => {
  const path = pathWith(join(folder, 'pythons'), {
    'python3.12': String.raw`printf 'python\t3.12.9\twhole\t/opt/py312/bin/python3.12\n'`,
    'nvidia-smi': 'echo 570.86.15; echo 570.86.15',
    uv: 'case "$1" in --version) echo "uv 0.13.9 (x)";; *) exit 2;; esac',
  })
  const survey = await surveyHost(localHostWith(folder, { PATH: path }))
  expect(survey.pythons[0]).toEqual({ version: '3.12.9', path: '/opt/py312/bin/python3.12', hasVenv: true })
  expect(survey.nvidiaDriver).toBe('570.86.15')
  expect(survey.uv).toEqual({ version: '0.13.9', path: join(folder, 'pythons', 'uv') })
})
