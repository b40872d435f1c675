"""The process of a candidate's code: loads it and answers the calls of the tests. Nothing that it says is a verdict."""

first = hear()
try:
    confine(first["limits"])
except Exception as error:
    say({"t": "unavailable", "message": str(error) if isinstance(error, Unavailable) else type(error).__name__ + ": " + str(error)})
    os._exit(0)
say({"t": "confined"})
sys.stdin = io.StringIO("")


def load(source):
    try:
        program = compile(source, "answer.py", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"compiles": False, "failure": type(error).__name__ + ": " + describe(error), "names": []}
    names["__name__"] = "answer"
    try:
        if "asyncio" in source:
            without_sockets()
        exec(program, names)
    except BaseException as error:
        return {"compiles": True, "failure": type(error).__name__ + ": " + describe(error), "names": []}
    return {"compiles": True, "failure": None, "names": [[name, kind_of(value), kinds_of(value)] for name, value in list(names.items())[:300] if not name.startswith("__")]}


def kind_of(value):
    if type(value).__name__ == "module":
        return "module"
    if isinstance(value, type) and value.__module__ == "answer":
        return "exception" if issubclass(value, Exception) else "class"
    return "function" if callable(value) else "value"


def kinds_of(value):
    return [kind.__name__ for kind in value.__mro__[1:]] if isinstance(value, type) else []


say({"t": "loaded", **load(first["source"])})
while True:
    serve(hear())
