/**
 * @file The trl trainer on a machine behind a real sshd: what it makes is what it makes here, whatever happens to the connection and to this process.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../../src/host/host.ts'
import { createLocalHost } from '../../../src/host/local-host.ts'
import type { RewardFunction } from '../../../src/grading/reward-function.ts'
import type { TrainerServices, TrainingOutcome } from '../../../src/trainer/trainer.ts'
import type { TrainingEvent } from '../../../src/trainer/training-event.ts'
import type { TrainingSpec } from '../../../src/trainer/training-spec.ts'
import { runnerFolders } from '../../../src/trainer/trl/runner/files.ts'
import { findRunner } from '../../../src/trainer/trl/runner/process.ts'
import { sshdMissing } from '../../host/ssh/ssh-server.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { startSshBox, until, type SshBox } from './ssh-box.ts'
import { BATCH, GRPO, rewardLetter, SFT, specOf, trainerOn, type HangingSubmit } from './ssh-training.ts'

const missing = sshdMissing()
if (missing !== null) console.log(`skipped: the trl trainer over ssh, ${missing}`)
const python = missing === null ? await findTrainerPython() : null

interface Training {
  readonly spec: TrainingSpec
  readonly outcome: TrainingOutcome
  readonly events: readonly TrainingEvent[]
}

describe.skipIf(python === null)('createTrlTrainer() over ssh', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-ssh-trainer-'))
  let box: SshBox
  let host: Host
  beforeAll(async () => {
    box = await startSshBox()
    host = box.open()
  })
  afterEach(() => until(() => box.programs().length === 0))
  afterAll(async () => {
    await host.close()
    await box.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  const train = async (on: Host, spec: TrainingSpec, grade: RewardFunction = rewardLetter): Promise<Training> => {
    const handle = await (await trainerOn(on, python ?? '')).submit(spec, { graderHash: () => 'letter', grade })
    const events: TrainingEvent[] = []
    for await (const event of handle.events()) events.push(event)
    return { spec, outcome: await handle.artifacts(), events }
  }
  const here = async (name: string, settings: object): Promise<Training> => {
    const local = createLocalHost()
    return train(local, specOf(join(scratch, name), settings)).finally(() => local.close())
  }
  let calm: Promise<Training> | null = null
  /** The undisturbed training of this machine that all others are compared with. */
  const grpoHere = (): Promise<Training> => (calm ??= here('grpo here', GRPO))

  const bytesOf = ({ spec }: Training, file: string): string => readFileSync(join(spec.directory, file), 'latin1')
  const expectSame = (training: Training, reference: Training): void => {
    expect(training.outcome.state).toBe('finished')
    expect(training.events).toEqual(reference.events)
    for (const step of [3, 6]) {
      const file = `checkpoints/${step}/adapter_model.safetensors`
      expect(bytesOf(training, file) === bytesOf(reference, file)).toBe(true)
    }
    expect(training.outcome.checkpoints.map(({ step, adapter }) => [step, adapter])).toEqual(
      [3, 6].map((step) => [step, join(training.spec.directory, 'checkpoints', String(step))]),
    )
    expect(readFileSync(join(training.spec.directory, 'events.jsonl'), 'utf8')).toBe(bytesOf(reference, 'events.jsonl'))
  }
  const thereOf = async (spec: TrainingSpec): Promise<string> => (await runnerFolders(host, spec)).there

  /** Submits in a process of its own that is killed once it hangs at a batch of rewards or tells of `step`. */
  const submitAndDie = async (
    submitted: Omit<HangingSubmit, 'python' | 'sshOptions'>,
    isTime: (output: string) => boolean,
  ): Promise<void> => {
    const program = fileURLToPath(new URL('ssh-training.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(JSON.stringify({ ...submitted, python: python ?? '', sshOptions: box.server.sshOptions } satisfies HangingSubmit))
    let output = ''
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
    await until(() => isTime(output) || child.exitCode !== null)
    expect(child.exitCode).toBe(null)
    child.kill('SIGKILL')
    await once(child, 'close')
  }

  it('submit() trains there to the bytes of a training here, ends what was left at work on another spec, and leaves nothing behind', async () => {
    const spec = specOf(join(scratch, 'sft there'), SFT)
    const there = await thereOf(spec)
    const waiting = ['-c', 'import time; time.sleep(600)', 'train']
    const begin = (file: string): Promise<{ isAlive(): Promise<boolean> }> =>
      host.start({ command: [python ?? '', ...waiting, file], directory: box.cache, log: join(box.cache, 'left.log'), life: 'detached' })
    await host.writeFile(join(there, 'runner.json'), '{"schemaVersion":1}\n')
    const left = await begin(join(there, 'runner.json'))
    const other = await host.start({
      ...{ command: [python ?? '', ...waiting, join(`${there}-2`, 'runner.json')], directory: box.cache },
      ...{ log: join(box.cache, 'other.log'), life: 'detached' },
    })
    const [training, reference] = await Promise.all([train(host, spec), here('sft here', SFT)])
    expect([await left.isAlive(), await other.isAlive()]).toEqual([false, true])
    await other.signal('KILL')
    expectSame(training, reference)
    expect(existsSync(there)).toBe(false)
    const again = await train(host, spec, () => expect.fail('it asked for rewards again'))
    expect([again.events, again.outcome]).toEqual([training.events, training.outcome])
  })

  it('submit() rides out connections that are cut while rewards are graded and while the next batch is drawn', async () => {
    let asked = 0
    const training = await train(host, specOf(join(scratch, 'cut'), GRPO), async (requests) => {
      const before = asked
      asked += requests.length
      // The answer to the second batch has nowhere to go; the fourth step begins without a connection.
      if (Math.floor(asked / BATCH) > Math.floor(before / BATCH) && [2, 4].includes(Math.floor(asked / BATCH))) box.server.cut()
      return rewardLetter(requests)
    })
    expectSame(training, await grpoHere())
    expect(bytesOf(training, 'rollouts.jsonl')).toBe(bytesOf(await grpoHere(), 'rollouts.jsonl'))
    // Asked again by the runner, a completion is not graded again.
    expect(asked).toBe(6 * BATCH)
  })

  it('submit() finds the runner that a killed process and a lost machine left, answers it, and starts no second one', async () => {
    const spec = specOf(join(scratch, 'killed'), GRPO)
    await submitAndDie({ spec, rewards: 2 * BATCH }, (output) => output.includes('hanging'))
    const folders = await runnerFolders(host, spec)
    const left = await findRunner(host, folders)
    expect(left).not.toBe(null)

    const impatient = box.open(1000)
    await expect(train(impatient, spec, () => box.server.stop().then(() => new Promise(() => {})))).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
    })
    await impatient.close()
    await box.server.start()

    let found: number | undefined
    const training = await train(host, spec, async (requests) => {
      found ??= (await findRunner(host, folders))?.pid
      return rewardLetter(requests)
    })
    expect(found).toBe(left?.pid)
    expectSame(training, await grpoHere())
    expect(bytesOf(training, 'rollouts.jsonl')).toBe(bytesOf(await grpoHere(), 'rollouts.jsonl'))
  })

  it('submit() brings home what a runner finished while nobody was there', async () => {
    const spec = specOf(join(scratch, 'away'), SFT)
    await submitAndDie({ spec, rewards: 0 }, (output) => output.includes('started'))
    const exit = join(await thereOf(spec), 'exit.json')
    await until(() => existsSync(exit) && box.programs().length === 0)
    const services: TrainerServices = { graderHash: () => 'letter', grade: rewardLetter, onProgress: () => expect.fail('it trained again') }
    const handle = await (await trainerOn(host, python ?? '')).submit(spec, services)
    expect(await handle.artifacts()).toMatchObject({ state: 'finished', checkpoints: [{ step: 3 }, { step: 6 }] })
    expect(existsSync(exit)).toBe(false)
  })

  it('cancel() ends the runner there with a checkpoint at home, and submit() goes on from it', async () => {
    const spec = specOf(join(scratch, 'cancelled'), GRPO)
    let [asked, cancel] = [0, (): void => {}]
    const handle = await (
      await trainerOn(host, python ?? '')
    ).submit(spec, {
      graderHash: () => 'letter',
      grade: (requests) => {
        asked += requests.length
        if (asked <= 4 * BATCH) return rewardLetter(requests)
        // Never answered: the runner ends in the middle of a step.
        cancel()
        return new Promise(() => {})
      },
    })
    cancel = () => void handle.cancel({ saveFirst: true })
    const outcome = await handle.artifacts()
    expect(outcome.state).toBe('cancelled')
    expect(existsSync(join(outcome.checkpoints.at(-1)?.adapter ?? '', 'adapter_model.safetensors'))).toBe(true)
    await until(() => box.programs().length === 0)
    // What a killed download leaves is no adapter.
    writeFileSync(join(spec.directory, 'checkpoints', '3', 'adapter_model.safetensors'), 'half of it')
    expectSame(await train(host, spec), await grpoHere())
  })
})
