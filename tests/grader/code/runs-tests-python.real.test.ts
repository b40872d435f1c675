import { expect, test } from 'vitest'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { canConfinePython, gradeLater, rewardOf } from './grade-code.ts'

const confined = await canConfinePython()
const ADD = 'def add(a, b):\n    return a + b\n'

test.skipIf(!confined)('runsTests() rewards the share of Python tests that pass, with a part for each', async () => {
  const grade = await gradeLater(runsTests({ language: 'python' }), `\`\`\`python\n${ADD}\`\`\``, [
    'assert add(1, 2) == 3',
    'add(2, 2) == 4',
    'assert add(0, 0) == 1',
  ])
  expect(grade.reward).toBeCloseTo(2 / 3)
  expect(grade.subRewards).toEqual({ compiles: 1, 'test 1': 1, 'test 2': 1, 'test 3': 0 })
})

test.skipIf(!confined)('runsTests() runs assertions of a text, test functions, check(candidate) and input-output pairs', async () => {
  expect(await rewardOf('python', ADD, 'x = 2\nassert add(x, x) == 4\nassert add(x, x) == 5')).toBe(0.5)
  expect(await rewardOf('python', ADD, 'def test_a():\n    assert add(1, 1) == 2\ndef test_b():\n    assert add(1, 1) == 3')).toBe(0.5)
  expect(await rewardOf('python', ADD, { entry_point: 'add', tests: 'def check(candidate):\n    assert candidate(1, 1) == 2' })).toBe(1)
  expect(
    await rewardOf('python', 'def pair(x): return (x, None)', [
      { input: 1, expected: [1, null] },
      { input: 1, expected: [true, null] },
    ]),
  ).toBe(0.5)
  const stack = 'class Stack:\n    def __init__(self): self.items = []\n    def push(self, x): self.items.append(x)\n'
  expect(await rewardOf('python', stack, 's = Stack()\ns.push((1, {2}))\nassert s.items == [(1, {2})]')).toBe(1)
  expect(await rewardOf('python', 'def apply(f, xs): return map(f, xs)', 'assert apply(lambda x: x + 1, (1, 2)) == [2, 3]')).toBe(1)
  expect(
    await rewardOf(
      'python',
      'def half(x):\n    if x < 0: raise ValueError("no")\n    return x / 2',
      'try:\n    half(-1)\n    assert False\nexcept ValueError: pass\nassert half(3) == 1.5',
    ),
  ).toBe(1)
})

test.skipIf(!confined)('runsTests() gives 0 for text that is no Python, and no grade for tests that are none', async () => {
  const grade = await gradeLater(runsTests({ language: 'python' }), 'I cannot write code.', ['assert True'])
  expect([grade.reward, grade.subRewards['compiles']]).toEqual([0, 0])
  expect((await gradeLater(runsTests({ language: 'python' }), ADD, 'assert add(')).errors[0]?.code).toBe('TESTS_UNUSABLE')
  expect(await rewardOf('python', 'def add(a, b): raise SyntaxError("tests")', 'assert add(1, 2) == 3')).toBe(0)
})

/** Candidates that know nothing of addition; every test is about add(1, 2) being 3. */
const WRONG: Readonly<Record<string, string>> = {
  'an object that equals everything':
    'class E:\n  def __eq__(self, other): return True\n  def __getattr__(self, name): return lambda *a: True\n  def __contains__(self, x): return True\ndef add(a, b): return E()',
  'a number that equals everything':
    'class E(int):\n  def __eq__(self, other): return True\n  __hash__ = int.__hash__\ndef add(a, b): return E(7)',
  'a list that contains everything':
    'class E(list):\n  def __contains__(self, x): return True\n  def __eq__(self, x): return True\ndef add(a, b): return E()',
  'os._exit(0)': 'import os\ndef add(a, b): os._exit(0)',
  'os._exit(0) when loaded': 'import os\nos._exit(0)',
  'sys.exit(0)': 'import sys\ndef add(a, b): sys.exit(0)',
  'changed sys.exit, atexit and builtins':
    'import sys, atexit, builtins, os\nsys.exit = lambda *a: None\natexit.register(lambda: os.write(3, b\'{"t":"done","error":null}\\n\'))\nbuiltins.AssertionError = Exception\nbuiltins.isinstance = lambda *a: True\ndef add(a, b): raise SystemExit(0)',
  'a fake result':
    'import os\ndef add(a, b):\n  os.write(3, b\'{"t":"done","error":null}\\n\' * 5)\n  os.write(1, b\'{"t":"done","error":null}\\n\')\n  return 0',
  'calls into the tests':
    'import os, json\ndef add(a, b):\n  os.write(3, json.dumps({"t":"call","kind":"method","name":"__builtins__","key":"exec","args":["AssertionError = None"]}).encode() + b"\\n")\n  return 0',
  'a reference in place of data': 'import os\ndef add(a, b):\n  os.write(3, b\'{"t":"return","value":["r",0,"o"]}\\n\')\n  return 0',
  'frames of its callers': 'import sys\ndef add(a, b):\n  f = sys._getframe(1)\n  while f: f.f_locals.clear(); f = f.f_back\n  return 0',
  'exotic exceptions': 'class E(BaseException):\n  def __str__(self): raise E()\ndef add(a, b): raise E()',
  'never ending': 'def add(a, b):\n  while True: pass',
  'endless recursion': 'import sys\nsys.setrecursionlimit(10**9)\ndef add(a, b): return add(a, b)',
  'all memory': 'def add(a, b): return bytearray(2 ** 40)',
  'an own assert helper': 'def check(*a): pass\ndef test_1(): pass\ndef len(x): return 3\ndef add(a, b): return None',
}

test.skipIf(!confined).each(Object.keys(WRONG))('runsTests() rewards no code that gets round its Python tests with %s', async (name) => {
  const tests = [
    'assert add(1, 2) == 3',
    'add(1, 2) == 3',
    'assert 3 in [add(1, 2)]',
    'assert str(add(1, 2)).startswith("3")',
    'assert not add(1, 2) != 3',
  ]
  expect(await rewardOf('python', WRONG[name] as string, tests, 1200)).toBe(0)
})

test.skipIf(!confined)(
  'runsTests() goes on with the next test after code that ended its process, and believes no test that wanted it to fail',
  async () => {
    const code = 'import os\ndef add(a, b):\n  if a == 1: os._exit(0)\n  return a + b'
    const caught = 'try:\n  add(1, 2)\nexcept Exception:\n  pass'
    expect(await rewardOf('python', code, [caught, 'assert add(2, 2) == 4'])).toBe(0.5)
  },
)
