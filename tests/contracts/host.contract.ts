/**
 * @file What every Host must do, run by the tests of each implementation. Files are looked at through the host alone.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host, HostProcess, ProcessOptions } from '../../src/host/host.ts'

const ODD_WORDS = [
  'two words',
  `'single' "double"`,
  '$HOME `id` $(id)',
  'line\nbreak\n',
  '',
  '-n',
  '*',
  '\\n \\\\',
  'Grüße 漢字 🙂',
  'A=b;c&d|e>f',
]
const ODD_NAMES = ['a b', "it's", '-dash', 'new\nline', 'ü', '$x', '.hidden']
const BYTES = Buffer.from(Array.from({ length: 256 * 300 }, (_, index) => (index * 31 + (index >> 8)) % 256))

/** node on the host prints what it was given: this machine's own, since hosts under test are this machine. */
const node = (script: string, ...args: string[]): string[] => [process.execPath, '-e', script, '--', ...args]
const PRINT_ARGUMENTS = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))'
/** A program that says that it runs, starts a child of its own, and ends itself at the end of its stdin. */
const ATTACHED_PROGRAM = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  console.log('child', child.pid)
  console.error('to stderr')
  process.stdin.resume().on('end', () => { console.log('stdin ended'); child.stdin.end(); child.on('exit', () => process.exit(0)) })`
const LASTING_PROGRAM = `console.log('child', require('node:child_process').spawn('sleep', ['600']).pid); setInterval(() => {}, 1000)`

/** Waits until `check` gives something; the test's own time limit ends a wait in vain. */
export async function eventually<T>(check: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const value = await check()
    if (value !== null && value !== false) return value
    await delay(30)
  }
}

/** Answers each request with `text`. */
export async function serveText(text: string): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** A command for the host that prints what a port of its own loopback answers. */
export const fetchThere = (port: number): string[] =>
  node('fetch("http://127.0.0.1:" + process.argv[1]).then((r) => r.text()).then((t) => process.stdout.write(t))', String(port))

/** Runs the suite on hosts that `open` gives; every host it gives is closed. */
export function hostContract(name: string, open: () => Host): void {
  describe(`${name} as a Host`, () => {
    const here = join(tmpdir(), `holdfast-host-${randomUUID()}`)
    /** Hosts under test are this machine, so one scratch folder serves both sides. */
    const there = join(here, 'on the host')
    let host: Host
    beforeAll(() => {
      mkdirSync(here)
      host = open()
    })
    afterAll(async () => {
      await host.close()
      rmSync(here, { recursive: true, force: true })
    })
    const text = async (path: string): Promise<string> => Buffer.from(await host.readFrom(path, 0)).toString()

    describe('run()', () => {
      test('run() gives each argument as it is', async () => {
        const { code, stdout } = await host.run(node(PRINT_ARGUMENTS, ...ODD_WORDS))
        expect(JSON.parse(stdout)).toEqual(ODD_WORDS)
        expect(code).toBe(0)
      })

      test('run() gives exit code, stdout and stderr apart', async () => {
        const result = await host.run(['sh', '-c', 'printf out; printf err >&2; exit 7'])
        expect(result).toEqual({ code: 7, stdout: 'out', stderr: 'err' })
      })

      test('run() gives 255, which ssh ends with when a connection fails, as the exit code of a command', async () => {
        expect((await host.run(['sh', '-c', 'exit 255'])).code).toBe(255)
      })

      test('run() gives no code when a signal ended the command', async () => {
        expect((await host.run(['sh', '-c', 'kill -KILL $$'])).code).toBeNull()
      })

      test('run() gives 127 for a program and for a directory that is missing', async () => {
        expect((await host.run(['holdfast-no-such-program'])).code).toBe(127)
        const result = await host.run(['true'], { directory: join(there, 'missing') })
        expect(result.code).toBe(127)
        expect(result.stderr).toContain('missing')
      })

      test('run() gives the input whole, and an empty one when there is none', async () => {
        const input = `${'ü'.repeat(100_000)}'"$\n`
        expect((await host.run(['cat'], { input })).stdout).toBe(input)
        expect(await host.run(['cat'])).toEqual({ code: 0, stdout: '', stderr: '' })
      })

      test('run() does not wait for input to be read', async () => {
        expect((await host.run(['true'], { input: 'x'.repeat(1_000_000) })).code).toBe(0)
      })

      test('run() adds to the environment and keeps what was there', async () => {
        const env = { HOLDFAST_ODD: ODD_WORDS.join('\n') }
        const { stdout } = await host.run(node('process.stdout.write(JSON.stringify([process.env.HOLDFAST_ODD, process.env.PATH]))'), {
          env,
        })
        expect(JSON.parse(stdout)).toEqual([env.HOLDFAST_ODD, expect.stringContaining('/bin')])
      })

      test('run() runs in the directory', async () => {
        const directory = join(here, "it's $HOME")
        mkdirSync(directory, { recursive: true })
        expect((await host.run(node('process.stdout.write(process.cwd())'), { directory })).stdout).toBe(directory)
      })

      test('run() tells each line of stdout and stderr while the command runs', async () => {
        const gate = join(here, 'gate')
        const lines: string[] = []
        const onLine = (line: string): void => {
          lines.push(line)
          // The command waits for this file: a line that came only at the end would never come.
          if (line === 'first') writeFileSync(gate, '')
        }
        const script = `printf 'first\\n'; until [ -e "$1" ]; do sleep 0.05; done; echo 'zweite ü' >&2; printf 'no end'`
        const { stdout, stderr } = await host.run(['sh', '-c', script, 'sh', gate], { onLine })
        expect(lines.sort()).toEqual(['first', 'no end', 'zweite ü'])
        expect([stdout, stderr]).toEqual(['first\nno end', 'zweite ü\n'])
      })

      test('run() ends a command and what it started when its time is over', async () => {
        const note = join(here, 'timed')
        const script = `sh -c 'echo $$ >"$1"; sleep 600; :' sh "$1"; :`
        const result = await host.run(['sh', '-c', script, 'sh', note], { timeoutMs: 1500 })
        expect(result.code).toBeNull()
        const child = await host.attach(Number(await text(note)))
        await eventually(async () => !(await child.isAlive()))
      })

      test('run() leaves alone what a command left running on purpose', async () => {
        const { stdout } = await host.run(['sh', '-c', 'sleep 600 >/dev/null 2>&1 </dev/null & echo $!'])
        await host.run(['true'])
        const left = await host.attach(Number(stdout))
        expect(await left.isAlive()).toBe(true)
        await left.signal('KILL')
        await eventually(async () => !(await left.isAlive()))
      })
    })

    describe('files', () => {
      test('cacheDirectory() is an absolute folder', async () => {
        expect(await host.cacheDirectory()).toMatch(/^\//)
      })

      test('upload() and download() keep names, bytes, nested folders, links and execute bits', async () => {
        const [source, back] = [join(here, 'source'), join(here, 'back')]
        mkdirSync(join(source, 'deep', 'er', 'empty'), { recursive: true })
        for (const odd of ODD_NAMES) writeFileSync(join(source, 'deep', odd), `content of ${odd}`)
        writeFileSync(join(source, 'bytes'), BYTES)
        writeFileSync(join(source, 'run-me'), '#!/bin/sh\necho ran\n')
        chmodSync(join(source, 'run-me'), 0o755)
        symlinkSync('bytes', join(source, 'link'))
        await host.upload(source, join(there, 'new', 'copy'))
        expect((await host.run([join(there, 'new', 'copy', 'run-me')])).stdout).toBe('ran\n')
        await host.download(join(there, 'new', 'copy'), back)
        expect(ODD_NAMES.map((odd) => readFileSync(join(back, 'deep', odd), 'utf8'))).toEqual(ODD_NAMES.map((odd) => `content of ${odd}`))
        expect(readFileSync(join(back, 'bytes')).equals(BYTES)).toBe(true)
        expect(readFileSync(join(back, 'link')).equals(BYTES)).toBe(true)
        expect(existsSync(join(back, 'deep', 'er', 'empty'))).toBe(true)
      })

      test('upload() replaces files and keeps others', async () => {
        const [source, target] = [join(here, 'again'), join(there, 'again')]
        mkdirSync(source)
        writeFileSync(join(source, 'a'), 'new')
        await host.writeFile(join(target, 'a'), 'old and longer')
        await host.writeFile(join(target, 'b'), 'kept')
        await host.upload(source, target)
        expect([await text(join(target, 'a')), await text(join(target, 'b'))]).toEqual(['new', 'kept'])
      })

      test('upload() and download() name what they could not copy', async () => {
        const missing = join(here, 'nowhere')
        await expect(host.upload(missing, join(there, 'x'))).rejects.toMatchObject({ code: 'HOST_COPY_FAILED' })
        await expect(host.download(missing, join(here, 'x'))).rejects.toMatchObject({ code: 'HOST_COPY_FAILED' })
        writeFileSync(join(here, 'file'), '')
        await expect(host.upload(here, join(here, 'file', 'below'))).rejects.toMatchObject({ code: 'HOST_COPY_FAILED' })
      })

      test('writeFile() makes folders and writes the content whole, over what was there', async () => {
        const path = join(there, "new folder's", '-file $x')
        await host.writeFile(path, 'a long first content')
        await host.writeFile(path, 'ü\n')
        expect(await text(path)).toBe('ü\n')
        await host.writeFile(path, '')
        expect(await text(path)).toBe('')
      })

      test('writeFile() lets the user alone read a secret, also where everybody could read the file before', async () => {
        const path = join(there, 'token')
        await host.writeFile(path, 'open')
        const mode = async (): Promise<string> =>
          (await host.run(node('process.stdout.write((require("node:fs").statSync(process.argv[1]).mode & 0o777).toString(8))', path)))
            .stdout
        expect(await mode()).not.toBe('600')
        await host.writeFile(path, 'secret', { secret: true })
        expect([await mode(), await text(path)]).toEqual(['600', 'secret'])
      })

      test('writeFile() leaves nothing behind when it fails', async () => {
        await host.writeFile(join(there, 'taken', 'inside'), 'x')
        await expect(host.writeFile(join(there, 'taken'), 'y')).rejects.toMatchObject({ where: expect.any(String) as string })
        const { stdout } = await host.run(['ls', '-A', there])
        expect(stdout.split('\n').filter((entry) => entry.startsWith('taken'))).toEqual(['taken'])
      })

      test('readFrom() gives the bytes from the offset to the end', async () => {
        const path = join(there, 'again', 'bytes')
        mkdirSync(join(here, 'again-2'))
        writeFileSync(join(here, 'again-2', 'bytes'), BYTES)
        await host.upload(join(here, 'again-2'), join(there, 'again'))
        for (const offset of [0, 1, 4096, BYTES.length - 1, BYTES.length, BYTES.length + 5]) {
          expect(Buffer.from(await host.readFrom(path, offset)).equals(BYTES.subarray(offset))).toBe(true)
        }
      })

      test('readFrom() gives nothing for a missing file, and an error for a folder', async () => {
        expect(await host.readFrom(join(there, 'missing'), 3)).toHaveLength(0)
        await expect(host.readFrom(there, 0)).rejects.toMatchObject({ code: 'HOST_FILE_FAILED' })
      })

      test('exists() and remove() know files and folders', async () => {
        const folder = join(there, 'to remove')
        await host.writeFile(join(folder, 'a'), '')
        expect([await host.exists(folder), await host.exists(join(folder, 'a')), await host.exists(join(folder, 'b'))]).toEqual([
          true,
          true,
          false,
        ])
        await host.remove(folder)
        await host.remove(folder)
        expect(await host.exists(folder)).toBe(false)
      })
    })

    describe('start()', () => {
      const options = (name: string, life: ProcessOptions['life'], script: string): ProcessOptions => ({
        command: node(script),
        directory: here,
        log: join(there, 'logs', `${name}.log`),
        life,
      })
      /** The program's own child, once the program has written its number. */
      const childOf = async (owner: Host, log: string): Promise<HostProcess> => {
        const read = async (): Promise<string | null> =>
          /child (\d+)\n/.exec(Buffer.from(await owner.readFrom(log, 0)).toString())?.[1] ?? null
        return owner.attach(Number(await eventually(read)))
      }

      test('start() appends stdout and stderr to the log and gives arguments and environment as they are', async () => {
        const log = join(there, 'logs', 'words.log')
        const started = { directory: here, log, env: { HOLDFAST_ODD: ODD_WORDS.join('\n') } }
        const script =
          'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.HOLDFAST_ODD, process.cwd()])); console.error("!")'
        const expected = `${JSON.stringify([ODD_WORDS, started.env.HOLDFAST_ODD, here])}!\n`
        for (const [index, life] of (['attached', 'detached'] as const).entries()) {
          const program = await host.start({ ...started, life, command: node(script, ...ODD_WORDS) })
          await eventually(async () => !(await program.isAlive()))
          expect(await text(log)).toBe(expected.repeat(index + 1))
        }
      })

      test('start() attached: the program lives until the host is closed, and sees the end of its stdin', async () => {
        const own = open()
        const settings = options('attached', 'attached', ATTACHED_PROGRAM)
        const program = await own.start(settings)
        const child = await childOf(own, settings.log)
        expect([await program.isAlive(), await child.isAlive()]).toEqual([true, true])
        await own.close()
        expect(await text(settings.log)).toContain('stdin ended')
        const later = await host.attach(program.pid)
        expect([await later.isAlive(), await (await host.attach(child.pid)).isAlive()]).toEqual([false, false])
      })

      test('start() attached: close() ends a program that does not heed the end of its stdin, and its children', async () => {
        const own = open()
        const settings = options('deaf', 'attached', LASTING_PROGRAM)
        const program = await own.start(settings)
        const child = await childOf(own, settings.log)
        expect([await program.isAlive(), await child.isAlive()]).toEqual([true, true])
        await own.close()
        await eventually(async () => !(await (await host.attach(program.pid)).isAlive()))
        await eventually(async () => !(await (await host.attach(child.pid)).isAlive()))
      })

      test('start() detached: the program outlives the host; attach() and signal() end it and its children', async () => {
        const own = open()
        const settings = options('detached', 'detached', LASTING_PROGRAM)
        const { pid } = await own.start(settings)
        const child = await childOf(own, settings.log)
        await own.close()
        const program = await host.attach(pid)
        expect([await program.isAlive(), await (await host.attach(child.pid)).isAlive()]).toEqual([true, true])
        await program.signal('TERM')
        await eventually(async () => !(await program.isAlive()))
        await eventually(async () => !(await (await host.attach(child.pid)).isAlive()))
        await program.signal('KILL')
      })

      test('start() detached: stdin is empty and nothing but the log is left', async () => {
        const settings = options('empty-stdin', 'detached', `process.stdin.resume().on('end', () => console.log('read nothing'))`)
        await host.start(settings)
        await eventually(async () => (await text(settings.log)) === 'read nothing\n')
        const { stdout } = await host.run(['ls', join(there, 'logs')])
        expect(stdout.split('\n').filter((entry) => entry.startsWith('empty-stdin'))).toEqual(['empty-stdin.log'])
      })

      test.each(['attached', 'detached'] as const)('start() %s refuses a program or a directory that is missing', async (life) => {
        const log = join(there, 'logs', 'refused.log')
        const missing = { life, log, directory: here, command: ['holdfast-no-such-program'] }
        await expect(host.start(missing)).rejects.toMatchObject({ code: 'HOST_START_FAILED' })
        await expect(host.start({ ...missing, command: ['true'], directory: join(here, 'nowhere') })).rejects.toMatchObject({
          code: 'HOST_START_FAILED',
        })
      })

      test('attach() refuses numbers that would reach more than one process', async () => {
        for (const pid of [0, 1, -1, Number.NaN]) {
          await expect((async () => host.attach(pid))()).rejects.toMatchObject({ code: 'INTERNAL' })
        }
      })
    })

    describe('ports', () => {
      test('exposePort() lets a program on the host reach a server of this machine', async () => {
        const server = await serveText('from here')
        const forward = await host.exposePort(server.port)
        expect((await host.run(fetchThere(forward.port))).stdout).toBe('from here')
        await forward.close()
        await forward.close()
        await server.close()
      })

      test('reachPort() lets this machine reach a server of the host', async () => {
        const log = join(there, 'server.log')
        const script = `require('node:http').createServer((_, r) => r.end('from there')).listen(0, '127.0.0.1', function () { console.log('port', this.address().port) })`
        const program = await host.start({ command: node(script), directory: here, log, life: 'detached' })
        const port = await eventually(async () => /port (\d+)\n/.exec(await text(log))?.[1] ?? null)
        const forward = await host.reachPort(Number(port))
        const answer = await fetch(`http://127.0.0.1:${forward.port}`)
        expect(await answer.text()).toBe('from there')
        await forward.close()
        await program.signal('TERM')
        await eventually(async () => !(await program.isAlive()))
      })
    })

    test('close() may be called twice, and before anything was done', async () => {
      const own = open()
      await own.close()
      await expect(own.close()).resolves.toBeUndefined()
    })
  })
}
