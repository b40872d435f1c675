import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../../src/host/host.ts'
import { createSshHost } from '../../../src/host/ssh/ssh-host.ts'
import { eventually, fetchThere, hostContract, serveText } from '../../contracts/host.contract.ts'
import { startInKilledProcess } from '../killed-process.ts'
import { freePort, sshdMissing, startSshServer, type SshServer } from './ssh-server.ts'

const missing = sshdMissing()
const RETRY_FOR_MS = 20_000

if (missing !== null) process.stderr.write(`createSshHost() with a real sshd: skipped, ${missing}\n`)

describe.skipIf(missing !== null)('with a real sshd', () => {
  let server: SshServer
  const here = join(tmpdir(), `holdfast-ssh-${randomBytes(4).toString('hex')}`)
  const open = (sshOptions = server.sshOptions, retryForMs = RETRY_FOR_MS): Host =>
    createSshHost(server.reference, { sshOptions, retryForMs })
  beforeAll(async () => {
    mkdirSync(here)
    server = await startSshServer()
  })
  afterAll(async () => {
    await server.close()
    rmSync(here, { recursive: true, force: true })
  })

  hostContract('createSshHost()', () => open())

  /** Gives a host to a test and closes it after. */
  const withHost = async (work: (host: Host) => Promise<void>): Promise<void> => {
    const host = open()
    try {
      await work(host)
    } finally {
      await host.close()
    }
  }

  it('createSshHost() goes on after the connection was cut: a detached program runs on and its output is read on from the offset', () =>
    withHost(async (host) => {
      const [log, go] = [join(here, 'events'), join(here, 'go')]
      const script = `echo one; until [ -e "$1" ]; do sleep 0.05; done; echo two; exec sleep 600`
      const program = await host.start({ command: ['sh', '-c', script, 'sh', go], directory: here, log, life: 'detached' })
      const read = async (offset: number): Promise<string | null> => Buffer.from(await host.readFrom(log, offset)).toString() || null
      expect(await eventually(() => read(0))).toBe('one\n')
      server.cut()
      expect(await program.isAlive()).toBe(true)
      await host.writeFile(go, '')
      expect(await eventually(() => read(4))).toBe('two\n')
      await program.signal('TERM')
      await eventually(async () => !(await program.isAlive()))
    }))

  it('exposePort() comes back by itself after the connection was cut, and tells its port', () =>
    withHost(async (host) => {
      const web = await serveText('still here')
      const forward = await host.exposePort(web.port)
      const told = new Promise<number>((resolve) => forward.onChange(resolve))
      server.cut()
      // No operation asks for the connection: it is made again for the forward alone.
      const port = await told
      expect(forward.port).toBe(port)
      expect((await host.run(fetchThere(port))).stdout).toBe('still here')
      await web.close()
    }))

  it('reachPort() keeps its local port when the host was away and comes back', () =>
    withHost(async (host) => {
      const web = await serveText('there again')
      const forward = await host.reachPort(web.port)
      const { port } = forward
      const told = new Promise<number>((resolve) => forward.onChange(resolve))
      await server.stop()
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed')
      await server.start()
      expect(await told).toBe(port)
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('there again')
      await web.close()
    }))

  it('exposePort() of one port twice: closing one leaves the other', () =>
    withHost(async (host) => {
      const web = await serveText('shared')
      const [first, second] = [await host.exposePort(web.port), await host.exposePort(web.port)]
      await first.close()
      expect((await host.run(fetchThere(second.port))).stdout).toBe('shared')
      const { port } = second
      await second.close()
      expect((await host.run(fetchThere(port))).code).not.toBe(0)
      await web.close()
    }))

  it('run() ends a command whose connection was cut before it runs it again', () =>
    withHost(async (host) => {
      const runs = join(here, 'runs')
      const script = `echo $$ >>"$1"; [ "$(wc -l <"$1")" -gt 1 ] && exit 5; exec sleep 600`
      const result = host.run(['sh', '-c', script, 'sh', runs])
      await eventually(() => Promise.resolve(existsSync(runs) && readFileSync(runs, 'utf8').endsWith('\n')))
      server.cut()
      expect((await result).code).toBe(5)
      const [first] = readFileSync(runs, 'utf8').split('\n')
      const left = await host.attach(Number(first))
      await eventually(async () => !(await left.isAlive()))
    }))

  it('start() attached: the program ends when the connection is cut', () =>
    withHost(async (host) => {
      const program = await host.start({ command: ['cat'], directory: here, log: join(here, 'cat'), life: 'attached' })
      expect(await program.isAlive()).toBe(true)
      server.cut()
      await eventually(async () => !(await program.isAlive()))
    }))

  it('upload() makes a copy that was cut again, whole', () =>
    withHost(async (host) => {
      const [source, copied] = [join(here, 'large'), join(here, 'copied')]
      mkdirSync(source)
      writeFileSync(join(source, 'zeros'), '')
      truncateSync(join(source, 'zeros'), 64 * 2 ** 20)
      const copy = host.upload(source, copied)
      await eventually(() => Promise.resolve(existsSync(join(copied, 'zeros'))))
      server.cut()
      await copy
      expect(readFileSync(join(copied, 'zeros')).equals(readFileSync(join(source, 'zeros')))).toBe(true)
    }))

  it('start() attached: program and connection end when our process is killed', async () => {
    const config = server.sshOptions[1] ?? ''
    const create = `createSshHost('ssh://box', { sshOptions: ['-F', ${JSON.stringify(config)}] })`
    const pid = await startInKilledProcess({ module: '../../src/host/ssh/ssh-host.ts', create, directory: here })
    await withHost(async (host) => {
      const program = await host.attach(pid)
      await eventually(async () => !(await program.isAlive()))
    })
    const connections = (): string[] =>
      execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(`-F ${config}`))
    await eventually(() => Promise.resolve(connections().length === 0))
    expect(connections()).toEqual([])
  })

  it('createSshHost() says that the host cannot be reached when nobody listens, after its time bound', async () => {
    const host = createSshHost(`ssh://127.0.0.1:${await freePort()}`, { retryForMs: 300 })
    await expect(host.exists('/')).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      summary: expect.stringContaining('Connection refused') as string,
    })
    await host.close()
  })

  it('createSshHost() gives up on a lost connection after its time bound', async () => {
    const host = open(server.sshOptions, 300)
    await host.exists('/')
    await server.stop()
    await expect(host.exists('/')).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' })
    await server.start()
    expect(await host.exists('/')).toBe(true)
    await host.close()
  })

  it.each([
    [
      'another key than the known one',
      (): string => `[127.0.0.1]:${server.port} ${readFileSync(join(server.directory, 'unknown_key.pub'), 'utf8')}`,
    ],
    ['a key that is not known', (): string => ''],
  ])('createSshHost() refuses a host with %s, at once', async (_, knownHosts) => {
    const host = open(server.withKnownHosts(knownHosts()))
    await expect(host.exists('/')).rejects.toMatchObject({
      code: 'HOST_KEY_REFUSED',
      summary: expect.stringContaining('Host key verification failed') as string,
    })
    await host.close()
  })

  it('createSshHost() says when the host accepts none of our keys, at once', async () => {
    const host = open(server.withUnknownKey())
    await expect(host.exists('/')).rejects.toMatchObject({
      code: 'HOST_AUTH_REFUSED',
      summary: expect.stringContaining('Permission denied (publickey)') as string,
    })
    await host.close()
  })

  it('createSshHost() says when there is no ssh', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = here
    const host = open()
    await expect(host.exists('/')).rejects.toMatchObject({ code: 'SSH_MISSING' })
    process.env['PATH'] = path
    await host.close()
  })

  it('createSshHost() is refused work after close(), which leaves no files', async () => {
    const [before, scratch] = [process.env['TMPDIR'], join(here, 'tmp')]
    mkdirSync(scratch)
    process.env['TMPDIR'] = scratch
    const host = open()
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await host.exists('/')
    expect(readdirSync(scratch)).toHaveLength(1)
    await host.close()
    await expect(host.exists('/')).rejects.toMatchObject({ code: 'HOST_CLOSED' })
    expect(readdirSync(scratch)).toEqual([])
  })
})
