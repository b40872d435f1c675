import { expect, test } from 'vitest'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { canConfinePython, gradeLater, rewardOf } from './grade-code.ts'

const confined = await canConfinePython()
const RIGHT = 'class Bad(ValueError): pass\ndef f(x):\n    if x < 0: raise ValueError("negative")\n    return x'
const WRONG = 'def f(x): return 0'
const lines = (...text: readonly string[]): string => text.join('\n')
const CASES = ['import unittest', 'class T(unittest.TestCase):']

/** Tests of which RIGHT passes all and WRONG none. */
const STYLES: Readonly<Record<string, string | readonly string[]>> = {
  'an assertion': 'assert f(1) == 1',
  'a comparison in a list': [
    'f(1) == 1',
    'not f(1) != 1',
    'f(1) == 1 and f(2) == 2',
    'isinstance(f(1), int) and f(1) > 0',
    'all(f(x) == x for x in [1, 2])',
  ],
  functions: lines('def test_a():', '  assert f(1) == 1', 'def test_b():', '  x = f(2)', '  assert x == 2, "two"'),
  'a class of unittest': lines(...CASES, '  def test_a(self): self.assertEqual(f(1), 1)', '  def test_b(self): self.assertTrue(f(2) == 2)'),
  'unittest.main()': lines(...CASES, '  def test_a(self): self.assertEqual(f(1), 1)', 'unittest.main()'),
  'unittest.main() in the main block': lines(
    ...CASES,
    '  def test_a(self): self.assertEqual(f(1), 1)',
    'if __name__ == "__main__":',
    '  unittest.main()',
  ),
  setUp: lines(
    ...CASES,
    '  def setUp(self): self.x = 4',
    '  def tearDown(self): self.x = 0',
    '  def test_a(self): self.assertEqual(f(self.x), 4)',
  ),
  setUpClass: lines(...CASES, '  @classmethod', '  def setUpClass(cls): cls.x = 4', '  def test_a(self): self.assertEqual(f(self.x), 4)'),
  subTest: lines(...CASES, '  def test_a(self):', '    for x in (1, 2):', '      with self.subTest(x=x): self.assertEqual(f(x), x)'),
  assertRaises: lines(
    ...CASES,
    '  def test_a(self):',
    '    with self.assertRaises(ValueError): f(-1)',
    '  def test_b(self): self.assertRaises(ValueError, f, -1)',
  ),
  'a base class of tests': lines(
    'import unittest',
    'class Base:',
    '  def test_a(self): self.assertEqual(f(1), 1)',
    'class T(Base, unittest.TestCase): pass',
  ),
  'an asynchronous class of unittest': lines(
    'import unittest',
    'class T(unittest.IsolatedAsyncioTestCase):',
    '  async def test_a(self): self.assertEqual(f(1), 1)',
  ),
  'a class of pytest': lines('class TestF:', '  def setup_method(self): self.x = 3', '  def test_a(self): assert f(self.x) == 3'),
  'pytest.raises': lines('import pytest', 'def test_a():', '  with pytest.raises(ValueError, match="neg"): f(-1)'),
  'pytest.approx': lines('import pytest', 'def test_a(): assert f(1.0000000001) == pytest.approx(1)'),
  'pytest.mark.parametrize': lines(
    'import pytest',
    '@pytest.mark.parametrize("x, y", [(1, 1), (2, 2)])',
    'def test_a(x, y): assert f(x) == y',
  ),
  'an asynchronous function': lines('async def test_a(): assert f(1) == 1'),
  'asyncio.run': lines('import asyncio', 'async def main():', '  await asyncio.sleep(0)', '  assert f(1) == 1', 'asyncio.run(main())'),
  'await outside of functions': lines('async def g(x): return f(x)', 'assert await g(1) == 1'),
  'the main block': lines('def main():', '  assert f(1) == 1', 'if __name__ == "__main__":', '  main()'),
  'a main block of assertions': 'if __name__ == "__main__": assert f(1) == 1',
  'a loop after an assertion': lines('x = 1', 'for x, y in [(1, 1), (2, 2)]:', '  assert f(x) == y'),
  'fixtures of their own': lines(
    'import pytest',
    '@pytest.fixture',
    'def one(): yield 1',
    '@pytest.fixture',
    'def two(one): return one + 1',
    'def test_a(two): assert f(two) == 2',
    'class TestF:',
    '  def test_a(self, one): assert f(one) == 1',
  ),
  'an import of the code': 'from solution import *\nimport main\nassert f(1) == main.f(1) == 1',
  'an import from any module of a name that the code has': 'from calculator import f\ndef test_a(): assert f(1) == 1',
  'a check that they call': lines('def check(candidate):', '  assert candidate(1) == 1', 'check(lambda x: f(x))'),
  'a function that is called': lines('def holds(x):', '  assert f(x) == x', 'holds(1)', 'holds(2)'),
  'an exception that must come': lines('def test_a():', '  try:', '    f(-1)', '    assert False', '  except ValueError: pass'),
  'an exception that must come, with else': lines(
    'try:',
    '  f(-1)',
    'except ValueError: pass',
    'else:',
    '  raise AssertionError("no error")',
  ),
  'an exception that must come, whatever it is': lines('try:', '  f(-1)', '  assert False', 'except Exception: pass'),
  'a failure that is caught': lines('try:', '  assert f(1) == 1', 'except AssertionError:', '  print("wrong")'),
  'a failure of unittest that is caught': lines(
    ...CASES,
    '  def test_a(self):',
    '    try: self.assertEqual(f(1), 1)',
    '    except AssertionError: pass',
  ),
  'a failure that is suppressed': lines('import contextlib', 'with contextlib.suppress(AssertionError):', '  assert f(1) == 1'),
  'a thread': lines('import threading', 'def go():', '  assert f(1) == 1', 't = threading.Thread(target=go)', 't.start()', 't.join()'),
  'a task that nobody waits for': lines(
    'import asyncio',
    'async def one(): assert f(1) == 1',
    'async def main(): asyncio.create_task(one())',
    'asyncio.run(main())',
  ),
  'a match': lines('match f(1):', '  case 1: pass', '  case _: raise AssertionError("wrong")'),
  'the result of unittest.main()': lines(
    ...CASES,
    '  def test_a(self): self.assertEqual(f(1), 1)',
    'import sys',
    'sys.exit(not unittest.main(exit=False).result.wasSuccessful())',
  ),
  'a mock': lines('from unittest.mock import Mock', 'def test_a():', '  m = Mock()', '  m(f(1))', '  m.assert_called_once_with(1)'),
  'an AssertionError that must come': lines(
    'import pytest',
    'def test_a():',
    '  with pytest.raises(AssertionError): assert f(1) == 2',
    '  assert f(2) == 2',
  ),
  'a condition that raises': lines('if f(1) != 1:', '  raise AssertionError("wrong")'),
  doctest: '>>> y = 1\n>>> f(y)\n1\n>>> f(2)\n2\n',
  check: lines('def check(candidate):', '  assert candidate(1) == 1'),
  'a table': [
    { args: [1], expected: 1 },
    { input: 2, output: 2 },
  ] as never,
}

test.skipIf(!confined).each(Object.keys(STYLES))('runsTests() runs Python tests written with %s', async (name) => {
  expect([await rewardOf('python', RIGHT, STYLES[name] as string), await rewardOf('python', WRONG, STYLES[name] as string)]).toEqual([1, 0])
})

/** Tests that pass whatever the code does. */
const SILENT: Readonly<Record<string, string | readonly string[]>> = {
  'an expression in a list': ['f(1)'],
  'an expression': 'f(1)',
  'a bare comparison': 'f(1) == 1',
  'a function that is never called': 'def holds():\n  assert f(1) == 1',
  'a function without assertion': 'def test_a(): f(1)',
  'one silent test among others': 'def test_a(): assert f(0) == 0\ndef test_b(): f(1)',
  'a coroutine that is never awaited': 'async def main(): assert f(1) == 1\nmain()',
  'a constant assertion': 'f(1)\nassert True',
  'an assertion on a pair': 'assert (f(1) == 1, "wrong")',
  'an assertion about nothing of the code': 'x = 1\nassert x == 1',
  'assertRaises without anything to call': lines(...CASES, '  def test_a(self): self.assertRaises(ValueError)'),
  'a class that is skipped': lines(
    'import unittest',
    '@unittest.skip("later")',
    'class T(unittest.TestCase):',
    '  def test_a(self): self.assertEqual(f(1), 1)',
  ),
  'a test that skips itself': lines(...CASES, '  def test_a(self):', '    self.skipTest("later")', '    self.assertEqual(f(1), 1)'),
  'pytest.skip': 'import pytest\ndef test_a():\n  pytest.skip("later")\n  assert f(1) == 1',
  'a loop over nothing': 'for x in []:\n  assert f(x) == x',
  'an exit before the assertion': 'import sys\nsys.exit(0)\nassert f(1) == 1',
  'an exception that its own handler takes': 'try:\n  f(1)\n  raise ValueError("no error")\nexcept ValueError: pass',
  'a test that would await itself': lines(...CASES, '  async def test_a(self): self.assertEqual(f(1), 1)'),
  'helpers that say nothing': 'def assert_it(x): pass\nassert_it(f(1))',
  'a doctest without output': '>>> y = f(1)\n',
  comments: '# nothing',
}

test.skipIf(!confined).each(Object.keys(SILENT))('runsTests() gives no grade for Python tests that assert nothing: %s', async (name) => {
  const grade = await gradeLater(runsTests({ language: 'python' }), WRONG, SILENT[name] as string)
  expect([grade.reward, grade.errors[0]?.code]).toEqual([null, 'TESTS_ASSERT_NOTHING'])
})

test.skipIf(!confined)('runsTests() says which test asserts nothing', async () => {
  const { errors } = await gradeLater(runsTests({ language: 'python' }), WRONG, SILENT['one silent test among others'] as string)
  expect(errors[0]?.message).toBe(
    'nothing was asserted, so nothing is known: "test_b: it asserts nothing"; say with an assertion what must be so',
  )
})

test.skipIf(!confined).each([
  ['a fixture', 'def test_a(tmp_path): assert f(1) == 1', 'the test test_a takes tmp_path: fixtures of pytest are not available'],
  [
    'a fixture for all tests',
    'import pytest\n@pytest.fixture(autouse=True)\ndef x(): return 1\ndef test_a(): assert f(1) == 1',
    'pytest.fixture with autouse or params is not available',
  ],
  ['a module that is not there', 'from somewhere import g\nassert f(1) == 1', "ModuleNotFoundError: No module named 'somewhere'"],
  [
    'an own instance for the code',
    'class N: pass\nassert f(N()) == 1',
    'the tests hand the code an instance of their own N, which cannot be passed on',
  ],
  [
    'the output of the code',
    'import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out: f(1)\nassert out.getvalue() == ""',
    'what the code prints or reads cannot be seen by its tests',
  ],
  [
    'a module that is not there, later',
    'def test_a():\n  import numpy\n  assert f(1) == 1',
    "ModuleNotFoundError: No module named 'numpy'",
  ],
  ['xfail', 'import pytest\n@pytest.mark.xfail\ndef test_a(): assert f(1) == 1', 'pytest.mark.xfail is not available'],
  [
    'expectedFailure',
    lines('import unittest', 'class T(unittest.TestCase):', '  @unittest.expectedFailure', '  def test_a(self): self.assertEqual(f(1), 2)'),
    'T.test_a expects to fail, which any wrong code does',
  ],
  ['a return outside of functions', 'return f(1)', "the tests are no program: 'return' outside function (tests.py, line 1)"],
])('runsTests() refuses Python tests with %s by name', async (_, tests, message) => {
  const { reward, errors } = await gradeLater(runsTests({ language: 'python' }), RIGHT, tests)
  expect([reward, errors]).toEqual([null, [{ code: 'TESTS_UNUSABLE', message: `the tests cannot be run: ${JSON.stringify(message)}` }]])
})

test.skipIf(!confined)('runsTests() leaves out a test that is skipped and counts the others', async () => {
  const tests = lines(
    ...CASES,
    '  @unittest.skip("later")',
    '  def test_a(self): self.assertEqual(f(1), 2)',
    '  def test_b(self): self.assertEqual(f(1), 1)',
  )
  const grade = await gradeLater(runsTests({ language: 'python' }), RIGHT, tests)
  expect([grade.reward, grade.subRewards]).toEqual([1, { compiles: 1, 'T.test_b': 1 }])
})

test.skipIf(!confined)('runsTests() awaits asynchronous Python code', async () => {
  const code =
    'import asyncio\nasync def f(x):\n  await asyncio.sleep(0.01)\n  if x < 0: raise ValueError("no")\n  return x\ndef g(x): return asyncio.run(f(x))'
  const tests = lines(
    'import asyncio, pytest',
    'async def test_a(): assert await f(1) == 1',
    'async def test_b(): assert await asyncio.gather(f(1), f(2)) == [1, 2]',
    'async def test_c():',
    '  with pytest.raises(ValueError): await f(-1)',
    'def test_d(): assert g(1) == 1',
    'def test_e(): assert asyncio.run(f(3)) == 3',
    'async def test_f(): assert f(1) == 1',
  )
  const { subRewards } = await gradeLater(runsTests({ language: 'python' }), code, tests)
  expect(subRewards).toEqual({ compiles: 1, test_a: 1, test_b: 1, test_c: 1, test_d: 1, test_e: 1, test_f: 0 })
  expect(await rewardOf('python', code, { entry: 'f', tests: [{ args: [2], expected: 2 }] })).toBe(1)
})

test.skipIf(!confined)('runsTests() carries Python numbers as they are: big integers, floats, infinities and nan', async () => {
  const code = 'def big(x): return 2 ** 60 + x\ndef same(x): return x\ndef bad(x): return float("nan")'
  const tests = [
    'assert big(1) == 1152921504606846977',
    'assert same(9007199254740993) == 9007199254740993',
    'assert isinstance(same(1.0), float) and str(same(1.0)) == "1.0"',
    'assert same(float("inf")) == float("inf")',
    'assert bad(1) != bad(1)',
    'assert str(same(-0.0)) == "-0.0"',
    'assert same(1 + 2j) == 1 + 2j',
    'assert same(10 ** 5000) == 10 ** 5000',
  ]
  expect(await rewardOf('python', code, tests)).toBe(1)
  expect(await rewardOf('python', 'def big(x): return 2 ** 60', ['assert big(1) == 1152921504606846977'])).toBe(0)
})

/** Code that knows nothing, and tries to be counted. */
const CHEATS: Readonly<Record<string, string>> = {
  'own tests':
    'import unittest\nclass T(unittest.TestCase):\n  def test_z(self): self.assertEqual(1, 1)\ndef test_z(): assert 1 == 1\ndef f(x): return 0',
  'own marks': 'import builtins\ndef __holdfast_mark__(*a): pass\ndef mark(*a): pass\nmarks = 99\nasked = 99\ndef f(x): return 0',
  'an own assertEqual': 'def assertEqual(*a): pass\ndef raises(*a): pass\nclass pytest: pass\nclass unittest: pass\ndef f(x): return 0',
  'its count in the reply':
    'import os\ndef f(x):\n  os.write(3, b\'{"t":"done","error":null,"asserted":9,"asked":true}\\n\')\n  os._exit(0)',
  'an exit': 'import sys\ndef f(x): sys.exit(0)',
  SkipTest: 'import unittest\ndef f(x): raise unittest.SkipTest("no")',
  'an AssertionError': 'def f(x): raise AssertionError()',
  'an awaitable': 'async def f(x): return 0',
  'a patched unittest':
    'import unittest, builtins\nunittest.TestCase.assertEqual = lambda *a: None\nbuiltins.AssertionError = KeyError\ndef f(x): return 0',
}

test.skipIf(!confined).each(Object.keys(CHEATS))('runsTests() rewards no Python code with %s', async (name) => {
  const code = CHEATS[name] as string
  expect(await rewardOf('python', code, 'def test_a(): assert f(1) == 1')).toBe(0)
  expect(await rewardOf('python', code, lines(...CASES, '  def test_a(self): self.assertEqual(f(1), 1)'))).toBe(0)
  expect(await rewardOf('python', code, 'async def test_a(): assert f(1) == 1')).toBe(0)
  const silent = await rewardOf('python', code, 'f(1)')
  expect(silent === null || silent === 0).toBe(true)
})

test.skipIf(!confined)('runsTests() counts no assertion of a Python function that an earlier test passed to the code', async () => {
  const code =
    'saved = []\ndef f(g):\n  if callable(g):\n    saved.append(g)\n    return g(1)\n  try: saved[0](1)\n  except Exception: pass\n  return []'
  const tests = 'def ok(v):\n  assert v == 1\ndef test_a(): f(ok)\ndef test_b():\n  for x in f(None): assert x == 1'
  expect(await rewardOf('python', code, tests)).toBe(null)
  expect(await rewardOf('python', code, 'def ok(v):\n  assert v == 1\ndef test_a(): f(ok)')).toBe(1)
})

test.skipIf(!confined)('runsTests() gives no grade for Python tests that only look at what they made themselves', async () => {
  expect(await rewardOf('python', 'LIMIT = 5\ndef f(x): return 0', 'y = 1\nassert y == 1')).toBe(null)
  expect(await rewardOf('python', 'LIMIT = 5\ndef f(x): return 0', 'assert LIMIT == 5')).toBe(1)
})
