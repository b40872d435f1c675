import { expect, it } from 'vitest'
import {
  ExtraNeedsCudaError,
  PythonMissingError,
  setupCommand,
  TrainerDiskError,
  TrainerNotSetUpError,
  TrainerProbeError,
  TrainerPythonUnusableError,
  TrainerSetupError,
  TrainerVersionError,
  onHost,
} from '../../src/python/errors.ts'

const here = { name: 'this machine', isLocal: true }
const gpu = { name: 'ada@gpu1:2222', isLocal: false }

it('setupCommand() names the host only when it is another machine', () => {
  expect(setupCommand(here)).toBe('npx holdfast trainer setup')
  expect(setupCommand(gpu, '--cuda', '--with vllm')).toBe('npx holdfast trainer setup --host ssh://ada@gpu1:2222 --cuda --with vllm')
})

it('TrainerNotSetUpError gives the command of the host', () => {
  expect(new TrainerNotSetUpError({ ...onHost(here), folder: '~/.cache/holdfast/trainer' }).message).toMatchInlineSnapshot(`
    "TRAINER_NOT_SET_UP  The trainer has no Python environment, or one of another version of Holdfast, or its set-up was cut off
      where  this machine, ~/.cache/holdfast/trainer
      fix    run: npx holdfast trainer setup"
  `)
  expect(new TrainerNotSetUpError({ ...onHost(gpu), folder: '/home/ada/.cache/holdfast/trainer' }).fix).toBe(
    'run: npx holdfast trainer setup --host ssh://ada@gpu1:2222',
  )
})

it('TrainerPythonUnusableError quotes what the program said, without its control characters', () => {
  expect(new TrainerPythonUnusableError({ ...onHost(here), python: '/opt/py', output: 'exec: /opt/py:\u001b[31m not found\n' }).message)
    .toMatchInlineSnapshot(`
    "TRAINER_PYTHON_UNUSABLE  The Python that was named does not run: "exec: /opt/py: [31m not found"
      where  this machine, "/opt/py"
      fix    name the python program of an environment (…/bin/python) in trl({ python }) or HOLDFAST_PYTHON; or leave it out and run: npx holdfast trainer setup"
  `)
})

it('TrainerVersionError names what is missing and what to install', () => {
  const problem = { missing: ['trl', 'peft'], trl: null, wanted: 'trl==1.16.0 peft==0.21.2' }
  expect(new TrainerVersionError({ ...onHost(here), python: '/opt/venv/bin/python', ...problem }).message).toMatchInlineSnapshot(`
    "TRAINER_VERSION  The Python environment that was named lacks trl, peft
      where  this machine, /opt/venv/bin/python
      fix    run: /opt/venv/bin/python -m pip install trl==1.16.0 peft==0.21.2; or leave the environment out and run: npx holdfast trainer setup"
  `)
})

it('TrainerVersionError refuses another trl', () => {
  const error = new TrainerVersionError({
    ...onHost(gpu),
    python: '/opt/venv/bin/python',
    missing: [],
    trl: '1.13.0',
    wanted: 'trl==1.16.0',
  })
  expect(error.message).toMatchInlineSnapshot(`
    "TRAINER_VERSION  The Python environment that was named holds trl "1.13.0", which the trainer was not written for
      where  ada@gpu1:2222, /opt/venv/bin/python
      fix    run: /opt/venv/bin/python -m pip install trl==1.16.0; or leave the environment out and run: npx holdfast trainer setup --host ssh://ada@gpu1:2222"
  `)
})

it('PythonMissingError says what was found and how to get one', () => {
  expect(new PythonMissingError({ ...onHost(here), problem: 'only 3.9.2 was found', fix: 'run: brew install python@3.12' }).message)
    .toMatchInlineSnapshot(`
    "PYTHON_MISSING  The trainer needs Python 3.11, 3.12 or 3.13: only 3.9.2 was found
      where  this machine
      fix    run: brew install python@3.12"
  `)
})

it('TrainerDiskError says how much is needed, how much is free, and what moves the folder', () => {
  expect(new TrainerDiskError({ ...onHost(here), folder: '/c/trainer', free: 1.24e9, needed: 3e9 }).message).toMatchInlineSnapshot(`
    "TRAINER_DISK_SPACE  The set-up needs about 3.0 GB of disk, 1.2 GB are free; nothing was written
      where  this machine, /c/trainer
      fix    free some space there, or set HOLDFAST_CACHE there to a folder on another disk"
  `)
})

it('ExtraNeedsCudaError names the extras and the command that would take them', () => {
  expect(new ExtraNeedsCudaError({ ...onHost(here), extras: ['bitsandbytes', 'vllm'] }).message).toMatchInlineSnapshot(`
    "TRAINER_EXTRA_NEEDS_CUDA  The environment would be one for the CPU, and bitsandbytes and vllm can only be used with CUDA; nothing was installed
      where  this machine
      fix    leave --with out; on a machine with an NVIDIA card whose driver does not answer yet, run: npx holdfast trainer setup --cuda --with bitsandbytes --with vllm"
  `)
})

it('TrainerSetupError quotes the last lines of the step and names the log', () => {
  const tail = ['ERROR: \u001b[31mNo matching distribution', 'found for torch==2.13.0']
  const error = new TrainerSetupError({
    ...onHost(here),
    step: 'install torch==2.13.0',
    tail,
    log: '/c/trainer/0a/setup.log',
    command: setupCommand(here, '--cpu'),
  })
  expect(error.message).toMatchInlineSnapshot(`
    "TRAINER_SETUP_FAILED  The set-up of the trainer stopped at the step "install torch==2.13.0"; it said last: "ERROR:  [31mNo matching distribution", "found for torch==2.13.0"
      where  this machine, log /c/trainer/0a/setup.log
      fix    mend what the log names, then run: npx holdfast trainer setup --cpu"
  `)
  expect(new TrainerSetupError({ ...onHost(here), step: 'x', tail: [], log: 'l', command: 'c' }).summary).toBe(
    'The set-up of the trainer stopped at the step "x"; it said nothing',
  )
})

it('TrainerProbeError quotes the end of what was answered', () => {
  expect(new TrainerProbeError({ ...onHost(gpu), what: '/opt/py', output: `${'x'.repeat(400)}\nbanner of the host` }).message)
    .toMatchInlineSnapshot(`
    "TRAINER_PROBE_FAILED  /opt/py did not answer as expected; the end of its output: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx banner of the host"
      where  ada@gpu1:2222
      fix    see that Python and a POSIX shell work there, then make the environment again: npx holdfast trainer setup --host ssh://ada@gpu1:2222 --force"
  `)
})
