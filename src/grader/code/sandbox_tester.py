"""The process of the tests: no code of a candidate runs in it, so nothing there can change what an assertion means."""

import ast

first = hear()
only_callbacks = True
try:
    confine(first["limits"])
except Exception as error:
    say({"t": "unavailable", "message": str(error) if isinstance(error, Unavailable) else type(error).__name__ + ": " + str(error)})
    os._exit(0)

# Modules that tests may take for granted when the code imports them.
USUAL = {"math", "re", "itertools", "functools", "collections", "string", "json", "random", "statistics", "heapq", "bisect"}
tests = []


def offer(given, entry):
    """Names that tests may use: the candidate's, unless they would hide one of Python's; the entry always."""
    for name, kind in given:
        if name == entry or not (isinstance(name, str) and not hasattr(builtins, name)):
            continue
        if kind == "function":
            names[name] = remote_function({"name": name})
        elif kind == "module" and name in USUAL:
            names[name] = __import__(name)
        elif kind == "value":
            names[name] = decode(ask({"name": name, "kind": "value"})["value"])
    if entry is not None:
        names[entry] = remote_function({"name": entry})


def same(value, gold):
    if isinstance(value, bool) or isinstance(gold, bool) or value is None or gold is None:
        return value is gold
    if isinstance(gold, list):
        return isinstance(value, (list, tuple)) and len(value) == len(gold) and all(map(same, value, gold))
    if isinstance(gold, dict):
        return isinstance(value, dict) and value.keys() == gold.keys() and all(same(value[key], gold[key]) for key in gold)
    if isinstance(gold, str) or isinstance(value, str):
        return isinstance(value, str) and isinstance(gold, str) and value == gold
    return isinstance(value, (int, float)) and value == gold


def pair(work, args, gold):
    def test():
        value = work(*args)
        assert same(value, gold), "gave " + repr(value)[:100]

    return test


class Unusable(Exception):
    """The tests are no Python. A candidate's code cannot raise it."""


def compiled(source, kind):
    try:
        return compile(source, "tests.py", kind)
    except (SyntaxError, ValueError) as error:
        raise Unusable(describe(error)) from None


def statement(source):
    try:
        code = compiled(source, "eval")
    except Unusable:
        code = compiled(source, "exec")

    def test():
        assert eval(code, names) is not False, "it is false"

    return test


def chunk(body):
    code = compiled(ast.Module(body=body, type_ignores=[]), "exec")
    return lambda: exec(code, names)


def program(source, entry):
    """Functions `test_…`, a function `check(candidate)`, or assertions one by one; else the whole text is one test."""
    try:
        body = ast.parse(source, "tests.py").body
    except (SyntaxError, ValueError) as error:
        raise Unusable(describe(error)) from None
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    if any(name.startswith("test") or name == "check" for name in functions):
        chunk(body)()
        for name in functions:
            if name.startswith("test"):
                tests.append((name, names[name]))
            elif name == "check":
                tests.append((name, lambda: names["check"](names[entry]) if entry else names["check"]()))
        return
    start = 0
    for end, node in enumerate(body, 1):
        if isinstance(node, ast.Assert) or (end == len(body) and not tests):
            tests.append(("", chunk(body[start:end])))
            start = end


def declare():
    entry = first["entry"]
    offer(first["names"], entry)
    functions = [name for name, kind in first["names"] if kind == "function"]
    work = remote_function({"name": entry or (functions[-1] if functions else "")})
    for test in first["list"]:
        if test["kind"] == "pair":
            tests.append(("", pair(work, json.loads(test["argsJson"]), json.loads(test["expectedJson"]))))
        else:
            tests.append(("", statement(test["source"])))
    if first["program"] is not None:
        program(first["program"], entry)


def run(test):
    try:
        test()
        return None
    except BaseException as error:
        return (type(error).__name__ + ": " + describe(error))[:300]


unusable = None
failure = None
try:
    declare()
except Unusable as error:
    unusable = describe(error)
except BaseException as error:
    failure = type(error).__name__ + ": " + describe(error)
say({"t": "tests", "unusable": unusable, "failure": failure, "names": [name for name, _ in tests]})
while True:
    message = hear()
    if message["t"] == "run":
        say({"t": "done", "error": run(tests[message["index"]][1])})
