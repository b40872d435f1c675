import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Host, HostProcess } from '../../src/host/host.ts'
import { createLocalHost } from '../../src/host/local-host.ts'
import { forkRunners } from '../../src/python/forking-host.ts'
import { demonstrations, pointAt, readBytes, readTraining, stage, Trainings, type TrainingPaths } from './runner/runner-fixture.ts'
import { startTestGraders } from './runner/test-graders.ts'
import { findTrainerPython } from './trainer-python.ts'

const python = await findTrainerPython()
const PACKAGE_FOLDER = fileURLToPath(new URL('../../src/python/runner', import.meta.url))
const ENV = { PYTHONPATH: PACKAGE_FOLDER, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '2', OMP_WAIT_POLICY: 'passive' }

const trainings = new Trainings()
const fresh = createLocalHost()
const forking = forkRunners(createLocalHost())
afterAll(async () => {
  await Promise.all([fresh.close(), forking.close()])
  trainings.remove()
})

const device = { kind: 'cpu', threads: 2, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false } as const
const write = (name: string, steps = 4): TrainingPaths => {
  const order = Array.from({ length: steps * 2 }, (_, index) => index % 4)
  return trainings.write(name, [stage('sft', { batchSize: 2, steps }, order)], {
    ...{ examples: demonstrations(4), checkpointSteps: [steps], device },
  })
}
/** One method that draws, with its completions. */
const drawing = (name: string): TrainingPaths => {
  const settings = { steps: 4, promptsPerStep: 2, samplesPerPrompt: 2 }
  return trainings.write(name, [stage('grpo', settings, [0, 1, 2, 3, 4, 0, 1, 2])], { checkpointSteps: [4], device })
}

function start(host: Host, { directory, spec }: TrainingPaths): Promise<HostProcess> {
  const command = [python ?? '', '-m', 'holdfast_runner', 'train', spec]
  return host.start({ command, env: { ...ENV, HOLDFAST_ATTACHED: '1' }, directory, log: join(directory, 'runner.log'), life: 'attached' })
}

async function untilGone(program: HostProcess): Promise<void> {
  while (await program.isAlive()) await sleep(50)
}

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

describe.skipIf(python === null)('forkRunners()', () => {
  test('gives the bytes of a training that a process of its own ran, each time', { timeout: 240_000 }, async () => {
    const graders = await startTestGraders()
    const [alone, first, second] = [drawing('alone'), drawing('first'), drawing('second')]
    pointAt(graders.address, alone, first, second)
    const started = [await start(fresh, alone), await start(forking, first), await start(forking, second)]
    await Promise.all(started.map(untilGone))
    await graders.close()
    expect(readTraining(alone).exit, readFileSync(join(alone.directory, 'runner.log'), 'utf8')).toMatchObject({
      state: 'finished',
      step: 4,
    })
    expect(readBytes(first, 4)).toEqual(readBytes(alone, 4))
    expect(readBytes(second, 4)).toEqual(readBytes(alone, 4))
  })

  test.skipIf(process.platform !== 'linux')('starts them as children of one process, each in a group of its own', async () => {
    const runners = [await start(forking, write('one', 400)), await start(forking, write('two', 400))] as const
    const [one, two] = runners.map(({ pid }) => parentOf(pid))
    expect(one).toBe(two)
    expect(one).not.toBe(process.pid)
    await runners[0].signal('KILL')
    await untilGone(runners[0])
    expect(await runners[1].isAlive()).toBe(true)
    await runners[1].signal('KILL')
    await untilGone(runners[1])
  })

  test('starts anew where the process that forks was killed', async () => {
    const before = await start(forking, write('before', 400))
    if (process.platform === 'linux') process.kill(parentOf(before.pid), 'SIGKILL')
    await untilGone(before)
    const after = write('after')
    await untilGone(await start(forking, after))
    expect(readTraining(after).exit).toMatchObject({ state: 'finished' })
  })

  test('close() ends what was started', async () => {
    const host = forkRunners(createLocalHost())
    const runner = await start(host, write('closed', 400))
    await host.close()
    expect(await runner.isAlive()).toBe(false)
  })

  test('leaves everything else to the host: other programs, and a Python that is not there', async () => {
    const directory = join(trainings.root, 'other')
    mkdirSync(directory)
    const log = join(directory, 'runner.log')
    const other = await forking.start({ command: ['sh', '-c', 'echo started'], directory, log, life: 'attached' })
    await untilGone(other)
    expect(readFileSync(log, 'utf8')).toBe('started\n')
    await expect(
      forking.start({ command: ['no-such-python', '-m', 'holdfast_runner', 'train', 'x'], directory, log, life: 'attached' }),
    ).rejects.toMatchObject({ code: 'HOST_START_FAILED' })
  })
})
