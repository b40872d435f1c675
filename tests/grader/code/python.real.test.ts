import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { unavailable } from '../../../src/grader/code/python-grade.ts'
import { python } from '../../../src/grader/python.ts'
import { canConfinePython, gradeLater } from './grade-code.ts'

const confined = await canConfinePython()
const folder = mkdtempSync(join(tmpdir(), 'holdfast-python-'))
afterAll(() => rmSync(folder, { recursive: true }))

const program = (...lines: readonly string[]): string => ['def grade(sample, item):', ...lines.map((line) => `  ${line}`)].join('\n')
const grade = (source: string, expected: number | string = 'abc') =>
  gradeLater(python({ source, timeoutMs: 2000, memoryMb: 512 }), 'abc', expected)
/** 1 when the lines raise an OSError, MemoryError or ImportError, else 0: what was reached in spite of the sandbox. */
const denied = async (...lines: readonly string[]): Promise<unknown> => {
  const { reward, errors } = await grade(
    program('try:', ...lines.map((line) => `  ${line}`), 'except (OSError, MemoryError): return 1', 'return 0'),
  )
  return reward ?? errors
}

test('python() without an interpreter gives no grade, with the code PYTHON_MISSING and the way out', async () => {
  const { reward, errors } = await gradeLater(python({ source: '', python: 'no-such-python' }), 'abc', 'abc')
  expect(reward).toBe(null)
  expect(errors).toEqual([
    {
      code: 'PYTHON_MISSING',
      message: 'there is no Python interpreter "no-such-python"; install Python 3, set HOLDFAST_PYTHON or name one with "python"',
    },
  ])
})

test.skipIf(!confined)('python() gives what grade(sample, item) gives, also with the standard library and threads', async () => {
  expect((await grade(program('return len(sample["output_text"]) / 10'))).reward).toBe(0.3)
  expect((await grade(program('return sample["output_text"] == item["expected"]'))).reward).toBe(1)
  const library = program(
    'import json, re, math, statistics, decimal, threading',
    'found = []',
    't = threading.Thread(target=lambda: found.append(1))',
    't.start()',
    't.join()',
    'return {"reward": 0.5, "subRewards": {"threads": len(found)}}',
  )
  const { reward, subRewards } = await grade(library)
  expect([reward, subRewards]).toEqual([0.5, { threads: 1 }])
})

test.skipIf(!confined).each([
  ['raises', program('raise ValueError("no")'), 'GRADER_CODE_THREW', 'the program failed: "ValueError: no"'],
  ['is no program', 'def grade(', 'GRADER_CODE_THREW', 'the program failed: "SyntaxError: '],
  ['has no grade', 'x = 1', 'GRADER_CODE_THREW', 'the program failed: "the source has no function grade(sample, item)"'],
  ['gives 2', program('return 2'), 'GRADER_BAD_GRADE', 'the program gave "2", which is no number from 0 to 1'],
  ['gives nan', program('return float("nan")'), 'GRADER_BAD_GRADE', 'the program gave "nan", which is no number from 0 to 1'],
  ['never ends', program('while True: pass'), 'CODE_TIMED_OUT', 'it was stopped after 2000 ms'],
  [
    'ends its process',
    program('import os', 'os._exit(0)'),
    'GRADER_CODE_THREW',
    'the program failed: "its process ended without a verdict"',
  ],
  [
    'floods its output',
    program('import os', 'while True: os.write(3, b"x" * 100000)'),
    'GRADER_CODE_THREW',
    'the program failed: "its process ended without a verdict"',
  ],
])('python() gives no grade when the program %s', async (_, source, code, message) => {
  const { reward, errors } = await grade(source)
  expect([reward, errors[0]?.code]).toEqual([null, code])
  expect(errors[0]?.message).toContain(message)
})

test.skipIf(!confined)('python() does not mind what a program prints', async () => {
  expect((await grade(program('print("{}" * 100000, flush=True)', 'import sys', 'print("x", file=sys.stderr)', 'return 1'))).reward).toBe(1)
})

test.skipIf(!confined)('python() reads no file of the user and writes none', async () => {
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'secret')
  for (const path of [secret, '/etc/passwd', '/proc/self/environ', '/proc/1/cmdline', process.cwd() + '/package.json'])
    expect([path, await denied(`open(${JSON.stringify(path)}).read()`)]).toEqual([path, 1])
  expect(await denied('import os', `os.listdir(${JSON.stringify(folder)})`)).toBe(1)
  for (const call of [
    `open(${JSON.stringify(join(folder, 'new'))}, "w")`,
    `os.truncate(${JSON.stringify(secret)}, 0)`,
    `os.chmod(${JSON.stringify(secret)}, 0)`,
    `os.unlink(${JSON.stringify(secret)})`,
    'os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)',
    'os.utime(os.__file__)',
  ])
    expect([call, await denied('import os', call)]).toEqual([call, 1])
})

test.skipIf(!confined)('python() sees no environment variable of the user', async () => {
  process.env['HOLDFAST_TEST_SECRET'] = 'secret'
  const { reward } = await grade(
    program('import os', 'return 1 if not {"HOME", "PATH", "USER", "HOLDFAST_TEST_SECRET"} & set(os.environ) else 0'),
  )
  delete process.env['HOLDFAST_TEST_SECRET']
  expect(reward).toBe(1)
})

test.skipIf(!confined)('python() reaches no network, not even this machine', async () => {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await denied('import socket', `socket.create_connection(("127.0.0.1", ${port}), 1)`)).toBe(1)
  expect(await denied('import socket', 'socket.socketpair()')).toBe(1)
  server.close()
  expect(connections).toBe(0)
})

test.skipIf(!confined).each([
  ['fork', 'import os; os.fork()'],
  ['run a program', 'import subprocess; subprocess.run(["/bin/true"])'],
  ['replace itself', 'import os; os.execv("/bin/true", ["true"])'],
  ['fork in a bomb', 'import os, time\nwhile True: os.fork()'],
  ['signal the process that asked', 'import os; os.kill(os.getppid(), 0)'],
  ['leave its process group', 'import os; os.setsid()'],
  ['make a file in memory', 'import os; os.memfd_create("x")'],
  ['have its signals sent elsewhere', 'import fcntl, os; fcntl.fcntl(0, 8, os.getppid())'],
  ['take all memory', 'len(bytearray(2 ** 31))'],
])('python() lets no program %s', async (_, lines) => {
  expect(await denied(...lines.split('\n'))).toBe(1)
})

test('python() says how to go on where the system cannot confine code', () => {
  expect(unavailable('the kernel has no Landlock')).toBe(
    "this system cannot confine Python code (the kernel has no Landlock); run on Linux with Landlock and seccomp, or set sandbox: 'none-i-trust-this-code'",
  )
})

test.skipIf(!confined)(
  'python() reads files only for who writes out that the code is trusted, and limits time and memory even then',
  async () => {
    const trusted = (source: string) =>
      gradeLater(python({ source, timeoutMs: 2000, memoryMb: 512, sandbox: 'none-i-trust-this-code' }), 'abc', 'abc')
    expect((await trusted(program('return len(open("/etc/passwd").read()) > 0'))).reward).toBe(1)
    expect((await trusted(program('import os', 'os.fork()', 'while True: pass'))).errors[0]?.code).toBe('CODE_TIMED_OUT')
    expect((await trusted(program('return len(bytearray(2 ** 31))'))).errors[0]?.message).toBe('the program failed: "MemoryError: "')
  },
)

test.skipIf(!confined)('python() makes system calls by number no way round', async () => {
  const calls = [[41, 2, 1, 0], [57], [101, 16, 1], [165], [272, 0x10000000], [425, 1, 0], [435, 0, 0]]
  const lines = [
    'import ctypes',
    'c = ctypes.CDLL(None, use_errno=True)',
    `return all(c.syscall(*n) == -1 and ctypes.get_errno() in (1, 38) for n in ${JSON.stringify(calls)})`,
  ]
  expect((await grade(program(...lines))).reward).toBe(1)
})
