"""What stands in the process of the tests for classes, instances, exceptions and the module of a candidate's code. Follows sandbox_values.py in the same text.

An instance answers as its class says. One that the tests did not make themselves ("p") says nothing of its own equality, truth or members: a
function that has to give a number could give an instance that is equal to everything.
"""

PREDICATES_OF_DATA = {name for kind in (str, list, dict, set, tuple, bytes) for name in dir(kind) if name.startswith("is")}
PREDICATES_OF_DATA |= {"startswith", "endswith", "index", "find", "count"}


class Remote:
    """An instance of a class on the other side."""

    def __init__(self, ref, is_made_here=True):
        object.__setattr__(self, "_ref", ref)
        object.__setattr__(self, "_is_made_here", is_made_here)

    def __getattr__(self, key):
        if key.startswith("__") or (key in PREDICATES_OF_DATA and not self._is_made_here):
            raise AttributeError(key)
        return member_of({"ref": self._ref}, key)

    def __setattr__(self, key, value):
        ask({"ref": self._ref, "kind": "set", "key": key, **arguments([value], {})})


def member_of(target, key):
    reply = ask({**target, "kind": "get", "key": key})
    if not reply.get("method"):
        return decode(reply["value"], "p")

    def call(*args, **named):
        return answered(ask({**target, "kind": "method", "key": key, **arguments(args, named)}), "p", args)

    return call


def operate(name, reference="p"):
    def method(self, *args, **named):
        if any(isinstance(arg, type) or type(arg).__name__ == "traceback" for arg in args):
            args = ()
        return decode(ask({"ref": self._ref, "kind": "operate", "key": name, **arguments(args, named)})["value"], reference)

    return method


def own_arithmetic(name):
    """Of an instance that the tests made: the difference of any other and a number could be 0 whatever the number."""

    def method(self, *args, **named):
        if not self._is_made_here:
            raise TypeError("unsupported operand")
        return operate(name, "o")(self, *args, **named)

    return method


def predicate(name, otherwise):
    """Of an instance that the tests made; two of them may be compared."""

    def method(self, *args):
        is_of_kind = name in ("contains", "bool") or isinstance(args[0], Remote)
        return operate(name)(self, *args) if self._is_made_here and is_of_kind else otherwise(self, *args)

    return method


for name in ["len", "getitem", "setitem", "delitem", "repr", "str", "int", "float", "hash", "next", "exit"]:
    setattr(Remote, "__" + name + "__", operate(name))
for name in ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "neg", "abs", "radd", "rsub", "rmul", "and", "or", "xor", "matmul", "enter", "call"]:
    setattr(Remote, "__" + name + "__", own_arithmetic(name))
for name in ["lt", "le", "gt", "ge"]:
    setattr(Remote, "__" + name + "__", predicate(name, lambda self, other: NotImplemented))
Remote.__iter__ = lambda self: iter(operate("iter")(self))
Remote.__eq__ = predicate("eq", lambda self, other: self is other)
Remote.__ne__ = predicate("ne", lambda self, other: self is not other)
Remote.__bool__ = predicate("bool", lambda self: True)
Remote.__contains__ = predicate("contains", lambda self, value: any(value == item for item in self))


class RemoteClass:
    """A class on the other side: makes instances, has members, and knows its instances."""

    def __init__(self, name):
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **named):
        return remote_function({"name": self.__name__})(*args, **named)

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        return member_of({"name": self.__name__}, key)

    def __instancecheck__(self, value):
        return isinstance(value, Remote) and ask({"name": self.__name__, "kind": "has", "args": [encode(value)]})["value"] is True

    def __subclasscheck__(self, value):
        return isinstance(value, RemoteClass) and ask({"name": self.__name__, "kind": "below", "key": value.__name__})["value"] is True


def remote_error(name, kinds):
    """An exception of the code, known by its name, so that tests can catch it."""
    for kind in kinds:
        base = remote_errors.get(kind) or vars(builtins).get(kind)
        if isinstance(base, type) and issubclass(base, Exception):
            remote_errors[name] = type(name, (base,), {})
            return remote_errors[name]
    return RemoteClass(name)


def change(args, changed):
    """Brings what a call that gives nothing made of its arguments into those of the tests."""
    for index, given in changed:
        if type(index) is not int or not 0 <= index < len(args):
            continue
        own, value = args[index], decode(given)
        if type(own) is not type(value):
            continue
        if isinstance(own, list):
            own[:] = value
        elif isinstance(own, (dict, set)):
            own.clear()
            own.update(value)


OWN_MODULES = {"solution", "solutions", "main", "answer", "candidate", "submission", "your_module", "my_module", "module", "app", "program", "implementation"}


def own_module(tree, offered):
    """Stands for the module that the tests believe the code to be in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            module, wanted = node.module or "", [name.name for name in node.names]
        elif isinstance(node, ast.Import):
            module, wanted = node.names[0].name, []
        else:
            continue
        is_own = module in OWN_MODULES or (wanted and all(name in offered for name in wanted))
        if is_own and module not in sys.stdlib_module_names and module not in sys.modules and "." not in module:
            made = sys.modules[module] = types.ModuleType(module)
            vars(made).update(offered)
            # What is not there is missing in the code, and no fault of the tests.
            made.__getattr__ = lambda key: missing_name(key)
            made.__all__ = list(offered)


def missing_name(key):
    if key.startswith("__"):
        raise AttributeError(key)
    return remote_function({"name": key})
