"""The process of the tests: no code of a candidate runs in it, so nothing there can change what an assertion means or how many there were."""

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
    for name, kind, kinds in given:
        if name == entry or not (isinstance(name, str) and not name.startswith("__") and not hasattr(builtins, name)):
            continue
        if kind == "function":
            names[name] = remote_function({"name": name})
        elif kind == "class":
            names[name] = RemoteClass(name)
        elif kind == "exception":
            names[name] = remote_error(name, kinds)
        elif kind == "module" and name in USUAL:
            names[name] = __import__(name)
        elif kind == "value":
            names[name] = decode(ask({"name": name, "kind": "value"})["value"], "p")
    if entry is not None:
        names[entry] = RemoteClass(entry) if [entry, "class"] in [one[:2] for one in given] else remote_function({"name": entry})


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
        value = settled(work(*args))
        mark()
        assert same(value, gold), "gave " + repr(value)[:100]

    return test


def settled(value):
    return settle(value) if isinstance(value, types.CoroutineType) else value


def parsed(source):
    try:
        return ast.parse(source, "tests.py")
    except (SyntaxError, ValueError) as error:
        raise Unusable("the tests are no program: " + describe(error)) from None


def statement(source):
    try:
        expression = ast.parse(source.strip(), "tests.py", "eval")
    except (SyntaxError, ValueError):
        return runnable(marked(parsed(source)))
    is_truth = states_truth(expression.body)
    work = runnable(marked(expression), "eval")

    def test():
        value = work()
        if is_truth:
            mark()
            assert value, "it is false"

    return test


def runnable(tree, kind="exec"):
    """What runs the marked code; it may await at its top."""
    try:
        code = compile(tree, "tests.py", kind, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as error:
        raise Unusable("the tests are no program: " + describe(error)) from None
    return lambda: settled(eval(code, names))


def program(source, entry, work):
    """Test functions and classes, a function `check(candidate)` or a doctest; else assertions one by one, each with the statements before it."""
    if source.lstrip().startswith(">>>"):
        tests.append(("doctest", doctest_test(source)))
        return
    tree = parsed(source)
    body = marked(tree).body
    called = {callee(node.value) for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)}
    defined = [node for node in definitions(tree.body) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    # A check that the tests call themselves is theirs: it knows with what.
    defined = [node for node in defined if node.name != "check" or "check" not in called]
    if any(holds_tests(node) for node in defined):
        try:
            runnable(ast.Module(body, []))()
        except SystemExit as error:
            # How a main block ends.
            if error.code:
                raise
        collect([node.name for node in defined], names[entry] if entry else work)
        return
    start = 0
    ends = [at for at, node in enumerate(tree.body, 1) if has_assertion(node)]
    # What stands after the last assertion belongs to its test.
    for end in [*ends[:-1], len(body)]:
        tests.append(("", runnable(ast.Module(body[start:end], []))))
        start = end


def definitions(body):
    """Statements, and those within an `if`, `try` or `with`."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from definitions([*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])])


def holds_tests(node):
    if not isinstance(node, ast.ClassDef):
        return node.name.startswith("test") or node.name == "check"
    return any(isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)) and re.match("test|runTest", member.name) for member in node.body)


def collect(defined, candidate):
    for setup in [names[name] for name in ("setUpModule", "setup_module") if own_kind(names.get(name), types.FunctionType)]:
        setup()
    for name in dict.fromkeys(defined):
        value = names.get(name)
        if own_kind(value, type):
            tests.extend(class_tests(value))
        elif own_kind(value, types.FunctionType) and not is_left_out(value):
            if name.startswith("test"):
                tests.extend(function_tests(name, value))
            elif name == "check":
                tests.append((name, lambda work=value: call(work, [candidate] if work.__code__.co_argcount else [])))


def modules():
    """Where the tests use them: pytest as far as it stands here, unittest and asyncio so that they run here and start nothing by themselves."""
    text = (first["program"] or "") + "".join(test.get("source", "") for test in first["list"])
    if re.search(r"redirect_std|sys\.std(?:out|in|err)\s*=[^=]|['\"]builtins\.(?:input|print|open)|['\"]sys\.std", text):
        raise Unusable("what the code prints or reads cannot be seen by its tests")
    sys.modules["pytest"] = pytest_module()
    if "unittest" in text:
        prepare_unittest()
    if "async" in text:
        without_sockets()
    if "thread" in text.lower() or "concurrent" in text:
        import threading

        threading.excepthook = lambda given: lost(given.exc_value)
    return text


def declare():
    global asked
    text = modules()
    entry = first["entry"]
    offer(first["names"], entry)
    if "import" in text:
        own_module(parsed(first["program"] or "\n".join(test.get("source", "") for test in first["list"])), dict(names))
    asked = 0
    names.update({"__name__": "__main__", "__file__": "tests.py"})
    functions = [name for name, kind, _ in first["names"] if kind in ("function", "class")]
    work = remote_function({"name": entry or (functions[-1] if functions else "")})
    for test in first["list"]:
        if test["kind"] == "pair":
            tests.append(("", pair(work, json.loads(test["argsJson"]), json.loads(test["expectedJson"]))))
        else:
            tests.append(("", statement(test["source"])))
    if first["program"] is not None:
        program(first["program"], entry, work)


def attempt(work):
    """What became of some work: the reason why it failed, why it cannot be judged, and what was asserted on the way."""
    global marks, broken
    marks, broken = 0, None
    # Functions that an earlier test passed on are not called in a later one, where their assertions would count.
    del kept[shared:]
    outcome = {"error": None, "unusable": None, "skipped": None}
    try:
        work()
    except Unusable as error:
        outcome["unusable"] = describe(error)
    except Skipped as error:
        outcome["skipped"] = describe(error)
    except SystemExit as error:
        outcome["error"] = "SystemExit: " + describe(error) if error.code else None
    except ImportError as error:
        shown = type(error).__name__ + ": " + describe(error)
        outcome["error" if getattr(error, "is_remote", False) else "unusable"] = shown
    except BaseException as error:
        outcome["error"] = (type(error).__name__ + ": " + describe(error))[:300]
    outcome["error"] = outcome["error"] or (None if broken is None else broken[:300])
    outcome["asserted"] = marks
    # Constants of the code were given when the names were offered.
    outcome["asked"] = asked > 0 or any(kind == "value" and name in mentioned for name, kind, _ in first["names"])
    return outcome


on_lost = lost
shared = 0
say({"t": "tests", **attempt(declare), "names": [name for name, _ in tests]})
shared = len(kept)
while True:
    message = hear()
    if message["t"] == "run":
        say({"t": "done", **attempt(tests[message["index"]][1])})
