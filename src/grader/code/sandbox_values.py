"""What the process of the tests and the process of the candidate's code say to each other: plain data, and numbers that stand for functions.

Follows sandbox_confine.py in the same text. Decoding builds nothing but Python's own types, so an answer cannot bring its own idea of equality.
"""

import builtins
import io
import itertools
import json
import operator
import types

kept = []
requests = sys.stdin


def say(message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(3, data) :]


def hear():
    line = requests.readline()
    if not line:
        os._exit(0)
    return json.loads(line)


def keep(value):
    kept.append(value)
    return len(kept) - 1


def encode(value, depth=0):
    if depth > 60:
        raise ValueError("a value is nested too deeply")
    if isinstance(value, Remote):
        return ["q", value._ref]
    deeper = depth + 1
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str(value)
    # What carries the messages knows doubles only: 2 ** 53 + 1, 1.0 and nan would arrive as other values.
    if isinstance(value, int):
        whole = int(value)
        return whole if abs(whole) < 2**53 else ["i", hex(whole)]
    if isinstance(value, float):
        return ["f", repr(float(value))]
    for tag, kind in [("l", list), ("t", tuple), ("s", set), ("z", frozenset)]:
        if isinstance(value, kind):
            return [tag, [encode(item, deeper) for item in value]]
    if isinstance(value, dict):
        return ["d", [[encode(key, deeper), encode(item, deeper)] for key, item in value.items()]]
    if isinstance(value, (bytes, bytearray)):
        return ["b", bytes(value).hex()]
    if isinstance(value, complex):
        return ["c", encode(value.real), encode(value.imag)]
    if hasattr(value, "__next__"):
        return ["g", [encode(item, deeper) for item in itertools.islice(value, 100000)]]
    if not only_callbacks and type(value).__module__ == "answer":
        return ["r", keep(value), "p"]
    if callable(value) and (depth == 0 or only_callbacks):
        return ["r", keep(value), "f"]
    if only_callbacks and type(value).__module__ == "__main__" and not isinstance(value, Opaque):
        raise Unusable("the tests hand the code an instance of their own " + type(value).__name__ + ", which cannot be passed on")
    return ["x", type(value).__name__]


class Opaque:
    """A value that only the other side understands."""


class Iterated(list):
    """What an iterator gave, one after the other."""

    def __next__(self):
        if not self:
            raise StopIteration
        return self.pop(0)


class Remote:
    """On the side of the tests: an instance of a class on the other side."""


def decode(given, reference=""):
    """A value; `reference` says which kinds of numbers for something on the other side may stand here: "f", "o", "p" (also within) or none."""
    if not isinstance(given, list):
        return given
    tag, body = given[0], given[1]
    if tag in ("l", "t", "s", "z", "g"):
        within = "f" if not only_callbacks else "p" if "p" in reference else ""
        return {"l": list, "t": tuple, "s": set, "z": frozenset, "g": Iterated}[tag](decode(item, within) for item in body)
    if tag == "d":
        within = "f" if not only_callbacks else "p" if "p" in reference else ""
        return {decode(key): decode(item, within) for key, item in body}
    if tag == "b":
        return bytes.fromhex(body)
    if tag == "c":
        return complex(decode(body), decode(given[2]))
    if tag in ("i", "f"):
        return int(body, 16) if tag == "i" else float(body)
    if tag == "q" and not only_callbacks:
        return kept[body]
    if tag == "r":
        kind = "o" if given[2] == "p" and "o" in reference else given[2]
        if kind not in reference or type(body) is not int:
            raise TypeError("a reference came where data was expected")
        return remote_function({"ref": body}) if kind == "f" else Remote(body, kind == "o")
    return Opaque()


def ask(what):
    """Asks the other side and answers its questions until it answers ours. What a coroutine raised comes back as a value, to be raised when it is awaited."""
    global asked
    asked += 1
    say({"t": "call", **what})
    while True:
        message = hear()
        if message["t"] == "return":
            return message
        if message["t"] == "raise":
            error = error_of(message)
            if message.get("async") is True:
                return {"value": None, "async": True, "error": error}
            raise error
        serve(message)


def error_of(message):
    kind = remote_errors.get(str(message["name"])) or vars(builtins).get(str(message["name"]))
    safe = isinstance(kind, type) and issubclass(kind, Exception)
    try:
        error = (kind if safe else RuntimeError)(str(message["message"]))
    except TypeError:
        # Its kind wants more than a message.
        error = RuntimeError(str(message["message"]))
    error.is_remote = True
    return error


def answer_of(reply, reference=""):
    """The value of a reply, or a coroutine that gives it."""
    return awaited(reply, reference) if reply.get("async") is True else decode(reply["value"], reference)


def answered(reply, reference, args):
    """The value of a call, whose arguments it may have changed."""
    if only_callbacks and "changed" in reply:
        change(args, reply["changed"])
    return answer_of(reply, reference if only_callbacks else "f")


async def awaited(reply, reference):
    if "error" in reply and isinstance(reply["error"], Exception):
        raise reply["error"]
    return decode(reply["value"], reference)


def arguments(args, named):
    return {"args": [encode(arg) for arg in args], "named": {key: encode(arg) for key, arg in named.items()}}


def remote_function(target):
    # Only what is named like a class may give an object of its own kind: a function's value is always copied.
    reference = "ofp" if target.get("name", "").lstrip("_")[:1].isupper() else "fp"

    def call(*args, **named):
        return answered(ask({**target, "kind": "call", **arguments(args, named)}), reference, args)

    return call


def serve(message):
    """Answers one call of the other side."""
    is_async = False
    try:
        reply = perform(message)
        if "coroutine" in reply:
            is_async = True
            reply = {"value": encode(settle(reply["coroutine"])), "async": True}
        say({"t": "return", **reply})
    except BaseException as error:
        say({"t": "raise", "name": type(error).__name__, "message": describe(error), "async": is_async})


def describe(error):
    try:
        return str(error)[:500]
    except BaseException:
        return "something that cannot be described was raised"


def perform(message):
    kind = message["kind"]
    if only_callbacks and (kind != "call" or "name" in message or type(message["ref"]) is not int):
        raise PermissionError("there is no such function")
    target = names.get(message["name"]) if "name" in message else kept[message["ref"]]
    args = [decode(arg, "f") for arg in message.get("args", [])]
    named = {key: decode(arg, "f") for key, arg in message.get("named", {}).items()}
    if kind == "value":
        return {"value": encode(target)}
    if kind == "call":
        value = target(*args, **named)
        if isinstance(target, type) and type(value) is target:
            return {"value": ["r", keep(value), "o"]}
        return given(value, args, message)
    if kind == "set":
        setattr(target, message["key"], args[0])
        return {"value": None}
    if kind == "below":
        return {"value": issubclass(names[message["key"]], target)}
    if kind == "has":
        return {"value": isinstance(args[0], target)}
    if kind == "operate":
        return {"value": encode(operation(message["key"])(target, *args, **named))}
    member = getattr(target, message["key"])
    if kind == "get":
        return {"method": True, "value": None} if callable(member) else {"value": encode(member)}
    return given(member(*args, **named), args, message)


def given(value, args, message):
    if isinstance(value, types.CoroutineType):
        return {"coroutine": value}
    # What gives nothing works in place, as a rule; of all else the tests keep their own arguments.
    changed = [] if value is not None or only_callbacks else list(changes(args, message["args"]))
    return {"value": encode(value), **({"changed": changed} if changed else {})}


def changes(args, before):
    for index, arg in enumerate(args):
        if type(arg) in (list, dict, set):
            now = encode(arg, 1)
            if now != before[index] and '["x"' not in json.dumps(now) and '["r"' not in json.dumps(now):
                yield [index, now]


def operation(name):
    """An operator by its name, as Python carries it out."""
    if name == "iter":
        return lambda value: list(itertools.islice(iter(value), 100000))
    if name == "call":
        return lambda value, *args, **named: value(*args, **named)
    if name in ("enter", "exit"):
        return lambda value, *_: value.__enter__() if name == "enter" else value.__exit__(None, None, None)
    if name in ("radd", "rsub", "rmul"):
        return lambda value, other: getattr(operator, name[1:])(other, value)
    if name in ("len", "repr", "str", "int", "float", "hash", "next", "bool"):
        return vars(builtins)[name]
    return getattr(operator, name + "_" if name in ("and", "or") else name)


def without_sockets():
    """Makes asyncio run here, where no socket can be had to wake an event loop: it looks every 10 ms instead."""
    import asyncio
    import selectors

    class Polling(selectors.DefaultSelector):
        def select(self, timeout=None):
            return super().select(0.01 if timeout is None else min(timeout, 0.01))

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self, selector=None):
            super().__init__(selector or Polling())
            self.set_exception_handler(lambda _, given: on_lost(given.get("exception")))

        def _make_self_pipe(self):
            pass

        _close_self_pipe = _write_to_self = _make_self_pipe

    if asyncio.SelectorEventLoop.__name__ != "Loop":
        asyncio.DefaultEventLoopPolicy._loop_factory = asyncio.SelectorEventLoop = Loop
    return asyncio


def settle(coroutine):
    asyncio = without_sockets()
    if asyncio._get_running_loop() is None:
        return asyncio.run(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("a coroutine that waits cannot be called back from another one")


def on_lost(error):
    """Hears of what a task raised that nobody waited for."""


names = {}
# Exceptions of the code by name, on the side of the tests.
remote_errors = {}
# How often the other side was asked.
asked = 0
# True on the side of the tests, which answers calls of functions that it passed on and nothing else.
only_callbacks = False
