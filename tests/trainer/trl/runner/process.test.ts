import { expect, test } from 'vitest'
import { runnerArguments, runnerEnvironment, type RunnerCommand } from '../../../../src/trainer/trl/runner/process.ts'

const folders = { here: '/runs/here', there: '/runs/there' }
const command: RunnerCommand = {
  python: '/env/bin/python',
  packageFolder: '/package',
  accelerate: null,
  visibleDevices: null,
  threads: null,
}

test('runnerArguments() starts the runner on the spec in its own folder', () => {
  expect(runnerArguments(command, folders)).toEqual(['/env/bin/python', '-m', 'holdfast_runner', 'train', '/runs/there/runner.json'])
})

test('runnerArguments() puts accelerate’s launcher before it where a config file is given', () => {
  expect(runnerArguments({ ...command, accelerate: '/home/me/two-gpus.yaml' }, folders).slice(0, 6)).toEqual([
    '/env/bin/python',
    '-m',
    'accelerate.commands.launch',
    '--config_file',
    '/home/me/two-gpus.yaml',
    '-m',
  ])
})

test('runnerEnvironment() names the package, switches telemetry off, and shows a place its own device only', () => {
  expect(runnerEnvironment(command)).toMatchObject({ PYTHONPATH: '/package', HF_HUB_DISABLE_TELEMETRY: '1' })
  expect(runnerEnvironment(command)).not.toHaveProperty('CUDA_VISIBLE_DEVICES')
  expect(runnerEnvironment({ ...command, visibleDevices: '1', threads: 2 })).toMatchObject({
    CUDA_VISIBLE_DEVICES: '1',
    OMP_NUM_THREADS: '2',
  })
})
