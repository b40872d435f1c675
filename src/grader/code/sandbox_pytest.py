"""What tests of a function use of pytest: raises, approx, parametrize, skip, fail. Everything else of it is refused by name. Follows sandbox_styles.py in the same text."""


class Raises:
    def __init__(self, kind, match=None):
        self.kind = kind
        self.wanted = match
        self.value = None

    def __enter__(self):
        self.expected = Expected()
        self.expected.__enter__()
        return self

    def __exit__(self, kind, value, _):
        mark()
        if kind is None:
            raise Failed("it did not raise")
        if not issubclass(kind, self.kind):
            return False
        self.expected.__exit__(kind)
        self.type, self.value = kind, value
        if self.wanted is not None and not re.search(self.wanted, str(value)):
            raise Failed("it raised " + repr(str(value))[:100])
        return True


def raises(kind, *args, match=None, **named):
    context = Raises(kind, match)
    if not args:
        return context
    with context:
        args[0](*args[1:], **named)
    return context


class Approx:
    __hash__ = None

    def __init__(self, wanted, rel=None, abs=None, nan_ok=False):
        self.wanted, self.rel, self.abs, self.nan_ok = wanted, rel, abs, nan_ok

    def __eq__(self, value):
        return self.near(value, self.wanted)

    def near(self, value, wanted):
        if isinstance(wanted, dict):
            return isinstance(value, dict) and value.keys() == wanted.keys() and all(self.near(value[key], wanted[key]) for key in wanted)
        if isinstance(wanted, (list, tuple)):
            return isinstance(value, (list, tuple)) and len(value) == len(wanted) and all(map(self.near, value, wanted))
        if value == wanted or isinstance(wanted, (bool, str, type(None))) or isinstance(value, (bool, str, type(None))):
            return value == wanted
        if not isinstance(value, (int, float, complex)):
            return False
        if value != value or wanted != wanted:
            return self.nan_ok and value != value and wanted != wanted
        relative = 1e-6 if self.rel is None and self.abs is None else self.rel or 0
        difference = abs(value - wanted)
        return difference <= max(relative * abs(wanted), 1e-12 if self.abs is None else self.abs) and difference != float("inf")

    def __repr__(self):
        return "approx(" + repr(self.wanted) + ")"


class Mark:
    def __getattr__(self, name):
        def decorator(*args, **named):
            alone = len(args) == 1 and callable(args[0]) and not named
            return args[0] if alone else lambda work: work

        if name in ("xfail", "usefixtures"):
            raise Unusable("pytest.mark." + name + " is not available")
        return decorator

    def parametrize(self, names, values, ids=None):
        split = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
        sets = [value.values if isinstance(value, Param) else (value,) if len(split) == 1 else tuple(value) for value in values]

        def decorator(work):
            if isinstance(work, type) or any(len(one) != len(split) for one in sets):
                raise Unusable("pytest.mark.parametrize of a class, or with another number of values than names, is not available")
            work.holdfast_parameters = [*getattr(work, "holdfast_parameters", []), (split, sets)]
            return work

        return decorator

    def skip(self, reason=""):
        return left_out(reason) if callable(reason) else left_out

    def skipif(self, condition, reason=""):
        return left_out if condition else lambda work: work


class Param:
    def __init__(self, *values, id=None):
        self.values = values


# Functions that make what tests take by name.
fixtures = {}


def fixture(work=None, **named):
    if named.get("autouse") or named.get("params") is not None:
        raise Unusable("pytest.fixture with autouse or params is not available")

    def register(work):
        fixtures[named.get("name") or work.__name__] = work
        return work

    return register if work is None else register(work)


def left_out(work):
    work.__unittest_skip__ = True
    return work


def stop(error):
    def call_it(reason="", **_):
        raise error(reason)

    return call_it


def pytest_module():
    module = types.ModuleType("pytest")

    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unusable("pytest." + name + " is not available")

    members = {"raises": raises, "approx": Approx, "mark": Mark(), "param": Param, "fixture": fixture, "fail": stop(Failed), "skip": stop(Skipped)}
    vars(module).update({**members, "main": lambda *args, **named: 0, "__getattr__": missing})
    return module
