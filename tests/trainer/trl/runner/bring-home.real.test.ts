/**
 * @file What a runner wrote on a machine behind a real sshd, brought to this one: whole, as announced, and nowhere else.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../../../src/base/hash.ts'
import type { Host } from '../../../../src/host/host.ts'
import { clearOldFolders, sendFolder } from '../../../../src/python/send-folder.ts'
import { areCheckpointsHere, bringHome } from '../../../../src/trainer/trl/runner/bring-home.ts'
import { runnerFolders, type RunnerFolders } from '../../../../src/trainer/trl/runner/files.ts'
import { sshdMissing } from '../../../host/ssh/ssh-server.ts'
import { startSshBox, type SshBox } from '../ssh-box.ts'

const missing = sshdMissing()
if (missing !== null) console.log(`skipped: bringHome() from a real sshd, ${missing}`)

describe.skipIf(missing !== null)('with a real sshd', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-home-'))
  let box: SshBox
  let host: Host
  beforeAll(async () => {
    box = await startSshBox()
    host = box.open()
  })
  afterAll(async () => {
    await host.close()
    await box.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  /** A training there with one checkpoint of these weights, announced with `hash` under `adapter`. */
  const training = async (name: string, adapter = 'checkpoints/2', hash = sha256('weights')): Promise<RunnerFolders> => {
    const folders = await runnerFolders(host, { runId: name, round: 'r', arm: 'a', directory: join(scratch, name) })
    const event = { type: 'checkpoint', step: 2, adapter, hash }
    await host.writeFile(join(folders.there, 'events.jsonl'), `${JSON.stringify(event)}\n{"type":"ste`)
    await host.writeFile(join(folders.there, 'checkpoints', '2', 'adapter_model.safetensors'), 'weights')
    await host.writeFile(join(folders.there, 'exit.json'), 'the end')
    return folders
  }
  const weightsHere = ({ here }: RunnerFolders): string => readFileSync(join(here, 'checkpoints', '2', 'adapter_model.safetensors'), 'utf8')

  it('bringHome() replaces what a killed download left by the whole adapter, and leaves no other folder', async () => {
    const folders = await training('half')
    for (const name of ['2', '2.arriving']) {
      mkdirSync(join(folders.here, 'checkpoints', name), { recursive: true })
      writeFileSync(join(folders.here, 'checkpoints', name, 'adapter_model.safetensors'), 'wei')
      writeFileSync(join(folders.here, 'checkpoints', name, 'leftover'), '')
    }
    writeFileSync(join(folders.here, 'events.jsonl'), readFileSync(join(folders.there, 'events.jsonl')))
    expect(await areCheckpointsHere(folders)).toBe(false)
    await bringHome(host, folders)
    expect(weightsHere(folders)).toBe('weights')
    expect(readdirSync(join(folders.here, 'checkpoints'))).toEqual(['2'])
    expect(readdirSync(join(folders.here, 'checkpoints', '2'))).toEqual(['adapter_model.safetensors'])
    expect(await areCheckpointsHere(folders)).toBe(true)
    expect(readFileSync(join(folders.here, 'exit.json'), 'utf8')).toBe('the end')
  })

  it('bringHome() refuses an adapter that is not the one announced, and says the end of no such training', async () => {
    const folders = await training('other', 'checkpoints/2', sha256('other weights'))
    await expect(bringHome(host, folders)).rejects.toMatchObject({
      code: 'HOST_COPY_FAILED',
      summary: expect.stringContaining('announced'),
    })
    expect(readdirSync(folders.here).toSorted()).toEqual(['checkpoints', 'events.jsonl', 'host-folder.txt'])
    expect(readdirSync(join(folders.here, 'checkpoints'))).toEqual(['2.arriving'])
  })

  it('bringHome() lets the other machine name no folder of this one', async () => {
    const victim = join(scratch, 'victim')
    mkdirSync(victim)
    const folders = await training('path', '../victim')
    await expect(bringHome(host, folders)).rejects.toMatchObject({ code: 'HOST_COPY_FAILED' })
    expect(readdirSync(victim)).toEqual([])
  })

  it('runnerFolders() gives a training the same folder there again, and another to one of the same name in another place', async () => {
    const spec = { runId: '../a run', round: '01-x', arm: 'sft', directory: join(scratch, 'one') }
    const first = await runnerFolders(host, spec)
    expect(first.there).toMatch(/\/trainings\/t-___a_run-01-x-sft-[0-9a-f]{12}$/)
    expect(await runnerFolders(host, spec)).toEqual(first)
    expect((await runnerFolders(host, { ...spec, directory: join(scratch, 'two') })).there).not.toBe(first.there)
  })

  it('sendFolder() copies a folder once and leaves nothing unfinished; clearOldFolders() removes what a month did not use, but no model', async () => {
    const from = join(scratch, 'from')
    mkdirSync(from)
    writeFileSync(join(from, 'file'), 'first')
    const names = [
      { kind: 'adapters', hash: 'abc' },
      { kind: 'adapters', hash: 'def' },
      { kind: 'models', hash: 'abc' },
    ] as const
    const places = await Promise.all([...names, names[0]].map((name) => sendFolder(host, from, name)))
    expect(places[3]).toBe(places[0])
    writeFileSync(join(from, 'file'), 'second')
    expect(await sendFolder(host, from, names[0])).toBe(places[0])
    expect(readFileSync(join(places[0] ?? '', 'file'), 'utf8')).toBe('first')
    expect(readdirSync(join(box.cache, 'adapters')).toSorted()).toEqual(['abc', 'def'])
    expect(readdirSync(places[0] ?? '')).toEqual(['file'])

    await host.run(['touch', '-d', '2020-01-01', ...places])
    await sendFolder(host, from, names[0])
    await clearOldFolders(host)
    expect(readdirSync(join(box.cache, 'adapters'))).toEqual(['abc'])
    expect(readdirSync(join(box.cache, 'models'))).toEqual(['abc'])
  })
})
