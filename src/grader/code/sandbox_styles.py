"""The ways in which Python tests are written: functions, classes of unittest and of pytest, coroutines, doctests. Follows sandbox_assertions.py in the same text.

The real unittest and doctest run what is theirs; of pytest, which is not part of Python, stands here what tests of a function need, and the rest is refused by name.
"""


def call(work, args=(), named=None):
    """Calls a test; a coroutine is run to its end."""
    value = work(*args, **(named or {}))
    return settle(value) if isinstance(value, types.CoroutineType) else value


def own_kind(value, kind):
    """Whether a function or class was made by the tests' own source: a candidate may have declared the same name."""
    code = value.__code__.co_filename if isinstance(value, types.FunctionType) else None
    return isinstance(value, kind) and (kind is type or code == "tests.py" or hasattr(value, "__wrapped__"))


def is_left_out(*things):
    return any(getattr(thing, "__unittest_skip__", False) for thing in things)


def function_tests(name, work):
    """A test function: once, or once for each of its `pytest.mark.parametrize` sets."""
    for given in parameter_sets(work):
        yield name + label_of(given), lambda given=given: call(work, named=with_fixtures(work, given))


def class_tests(kind):
    """The tests of a class, each on an instance of its own."""
    unittest = sys.modules.get("unittest")
    if unittest is not None and issubclass(kind, unittest.TestCase):
        for name in unittest.defaultTestLoader.getTestCaseNames(kind) or (["runTest"] if hasattr(kind, "runTest") else []):
            if not is_left_out(kind, getattr(kind, name)):
                if getattr(getattr(kind, name), "__unittest_expecting_failure__", False):
                    raise Unusable(kind.__name__ + "." + name + " expects to fail, which any wrong code does")
                yield kind.__name__ + "." + name, lambda name=name: run_unittest(unittest, kind(name))
        return
    if not kind.__name__.startswith("Test") or is_left_out(kind):
        return
    for name in [name for name in dir(kind) if name.startswith("test") and callable(getattr(kind, name)) and not is_left_out(getattr(kind, name))]:
        for given in parameter_sets(getattr(kind, name), 1):
            yield kind.__name__ + "." + name + label_of(given), lambda name=name, given=given: run_pytest_method(kind, name, given)


def prepare_unittest():
    """It starts nothing by itself here, and its failures count even where tests catch them."""
    import unittest
    from unittest import case

    unittest.main = lambda *args, **named: types.SimpleNamespace(result=unittest.TestResult())
    unittest.TestCase.failureException = Failed
    context = case._AssertRaisesContext
    enter, leave = context.__enter__, context.__exit__

    def entered(self):
        self.holdfast_expected = Expected()
        self.holdfast_expected.__enter__()
        return enter(self)

    def left(self, kind, *rest):
        taken = leave(self, kind, *rest)
        if taken:
            self.holdfast_expected.__exit__(kind)
        return taken

    context.__enter__, context.__exit__ = entered, left


def run_unittest(unittest, case):
    result = unittest.TestResult()
    without_sockets()
    unittest.TestSuite([case]).run(result)
    problems = result.errors + result.failures
    if problems:
        raise Failed(problems[0][1].strip().splitlines()[-1])
    if result.skipped:
        raise Skipped(result.skipped[0][1])


def run_pytest_method(kind, name, given):
    test = kind()
    for before in [name for name in ("setup_class", "setup_method", "setup") if hasattr(test, name)]:
        setup = getattr(test, before)
        setup(getattr(test, name)) if before == "setup_method" and accepts(setup, 1) else setup()
    try:
        call(getattr(test, name), named=with_fixtures(getattr(test, name).__func__, given, 1))
    finally:
        for after in [name for name in ("teardown_method", "teardown_class", "teardown") if hasattr(test, name)]:
            teardown = getattr(test, after)
            teardown(getattr(test, name)) if after == "teardown_method" and accepts(teardown, 1) else teardown()


def accepts(method, count):
    return method.__code__.co_argcount - 1 >= count


def parameter_sets(work, own=0):
    """What a test is called with, by name: the product of its parametrisations. Any other parameter would be a fixture of pytest."""
    sets = [{}]
    for names, values in getattr(work, "holdfast_parameters", []):
        sets = [{**given, **dict(zip(names, value))} for value in values for given in sets]
    code, defaults = getattr(work, "__code__", None), getattr(work, "__defaults__", None) or ()
    # A decorator of another library calls it with what it wants.
    wanted = [] if code is None or hasattr(work, "__wrapped__") else code.co_varnames[own : code.co_argcount - len(defaults)]
    missing = [name for name in wanted if name not in sets[0] and name not in fixtures] if sets else []
    if missing:
        raise Unusable("the test " + work.__name__ + " takes " + missing[0] + ": fixtures of pytest are not available")
    return sets


def with_fixtures(work, given, own=0):
    """The arguments of a test or a fixture: what it is given, and fixtures by their names, made anew for each test."""
    code = getattr(work, "__code__", None)
    wanted = [] if code is None else code.co_varnames[own : code.co_argcount]
    return {**given, **{name: fixture_value(name) for name in wanted if name not in given and name in fixtures}}


def fixture_value(name):
    parameter_sets(fixtures[name])
    value = fixtures[name](**with_fixtures(fixtures[name], {}))
    return next(value) if isinstance(value, types.GeneratorType) else settled(value)


def label_of(given):
    return "[" + "-".join(repr(value)[:20] for value in given.values()) + "]" if given else ""


def doctest_test(source):
    """Text with the prompts of an interactive session, run as doctest does it."""
    import doctest

    examples = doctest.DocTestParser().get_examples(source, "tests.py")
    for example in examples:
        try:
            compile(example.source, "tests.py", "single")
        except (SyntaxError, ValueError) as error:
            raise Unusable(describe(error)) from None

    def test():
        told = []
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(doctest.DocTest(examples, names, "tests", "tests.py", 0, source), out=told.append, clear_globs=False)
        for _ in [example for example in examples if example.want]:
            mark()
        if runner.failures:
            raise Failed(" ".join("".join(told).split())[-250:])

    return test
