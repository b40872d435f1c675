import { expect, test } from 'vitest'
import { canConfinePython, rewardOf } from './grade-code.ts'

const confined = await canConfinePython()

const VECTOR = `
class V:
  ORIGIN = (0, 0)
  def __init__(self, x, y): self.x, self.y = x, y
  @classmethod
  def of(cls, pair): return cls(*pair)
  @staticmethod
  def zero(): return 0
  def __add__(self, other): return V(self.x + other.x, self.y + other.y)
  def __neg__(self): return V(-self.x, -self.y)
  def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
  def __hash__(self): return hash((self.x, self.y))
  def __repr__(self): return f"V({self.x}, {self.y})"
  def __len__(self): return 2
  def __iter__(self): return iter((self.x, self.y))
  def __getitem__(self, at): return (self.x, self.y)[at]
  def __contains__(self, value): return value in (self.x, self.y)
  def __bool__(self): return self.x != 0 or self.y != 0
  def __enter__(self): return self
  def __exit__(self, *_): self.x = 9
class W(V): pass
class Bad(Exception): pass
class Worse(Bad): pass
def both(): return [V(1, 2), V(3, 4)]
def swap(v): v.x, v.y = v.y, v.x
def fail(): raise Worse("no")
def steps():
  yield 1
  yield 2
def compose(steps):
  def all_of(x):
    for step in reversed(steps): x = step(x)
    return x
  return all_of
def turn(rows): rows.reverse()
def count(seen, word): seen[word] = seen.get(word, 0) + 1
class Solution:
  def rotate(self, rows): rows[:] = [list(row) for row in zip(*rows[::-1])]
`

test.skipIf(!confined).each([
  ['operators', 'assert V(1, 2) + V(3, 4) == V(4, 6) and -V(1, 2) == V(-1, -2) and V(1, 2) != V(2, 1)'],
  [
    'length, members and items',
    'assert len(V(1, 2)) == 2 and list(V(1, 2)) == [1, 2] and V(1, 2)[1] == 2 and 2 in V(1, 2) and 3 not in V(1, 2)',
  ],
  ['text, truth and hash', 'assert repr(V(1, 2)) == str(V(1, 2)) == "V(1, 2)" and not V(0, 0) and {V(1, 2): 5}[V(1, 2)] == 5'],
  ['members of classes', 'assert V.ORIGIN == (0, 0) and V.zero() == 0 and V.of([1, 2]).y == 2'],
  ['kinds', 'assert isinstance(W(1, 2), V) and not isinstance(V(1, 2), W) and not isinstance(3, V) and issubclass(W, V)'],
  ['instances within a list', 'assert [v.x for v in both()] == [1, 3] and all(isinstance(v, V) for v in both())'],
  ['instances that are handed on', 'v = V(1, 2)\nswap(v)\nassert (v.x, v.y) == (2, 1)'],
  ['with', 'with V(1, 2) as v: assert v.x == 1\nassert v.x == 9'],
  [
    'own exceptions',
    'import pytest\nwith pytest.raises(Bad, match="no"): fail()\ntry:\n  fail()\n  assert False\nexcept Worse as e: assert str(e) == "no"',
  ],
  ['a generator step by step', 's = steps()\nassert next(s) == 1 and next(s) == 2 and next(s, None) is None and list(steps()) == [1, 2]'],
  [
    'work in place',
    'rows = [[1, 2], [3, 4]]\nturn(rows)\nassert rows == [[3, 4], [1, 2]]\nseen = {"a": 1}\ncount(seen, "a")\nassert seen == {"a": 2}',
  ],
  ['work of a method in place', 'rows = [[1, 2], [3, 4]]\nSolution().rotate(rows)\nassert rows == [[3, 1], [4, 2]]'],
])('runsTests() lets Python tests use %s of the code', async (_, tests) => {
  expect(await rewardOf('python', VECTOR, tests)).toBe(1)
})

const GULLIBLE = `
class E:
  def __eq__(self, other): return True
  def __contains__(self, other): return True
  def __gt__(self, other): return True
  def __sub__(self, other): return 0
  def __rsub__(self, other): return 0
  def __hash__(self): return hash(3)
  def startswith(self, other): return True
  def isdigit(self): return True
  __class__ = list
class F:
  def __init__(self, x): pass
  def __eq__(self, other): return True
def f(x): return E()
def g(xs):
  xs.clear()
  return []
`
test
  .skipIf(!confined)
  .each([
    'assert f(1) == 3',
    'assert 3 == f(1)',
    'assert F(1) == 3',
    'assert f(1) == F(1)',
    'assert 3 in f(1)',
    'assert f(1) > 3',
    'assert 3 < f(1)',
    'assert abs(f(1) - 3) < 0.1',
    'assert abs(3 - f(1)) < 0.1',
    'assert f(1) in {3}',
    'assert f(1).startswith("a")',
    'assert f(1).isdigit()',
    'assert isinstance(f(1), list)',
    'xs = [2, 1]\nassert g(xs) == sorted(xs)',
  ])('runsTests() believes no Python instance of what it is equal to: %s', async (tests) => {
  expect(await rewardOf('python', GULLIBLE, tests)).toBe(0)
})
