"""Counts what tests assert: each assertion in their source leaves a mark when it runs, so that a test that asserted nothing is seen.

Follows sandbox_values.py in the same text. Only the tests' own source is marked; no code of a candidate can leave a mark.
"""

import ast
import re

marks = 0
# Every name in the tests' source.
mentioned = set()
# Why the first assertion failed: whatever catches it, its test has failed.
broken = None


def mark(value=None):
    global marks
    marks += 1
    return value


def check(value):
    """The condition of an `assert`."""
    mark()
    if not value:
        lost(AssertionError("an assertion failed"))
    return value


def lost(error):
    """Writes a failure down that may come to nobody: caught, or raised in a thread or task that nobody waits for. Gives it back."""
    global broken
    if error is not None and broken is None:
        broken = type(error).__name__ + ": " + describe(error)
    return error


class Failed(AssertionError):
    def __init__(self, *args):
        super().__init__(*args)
        lost(self)


class Expected:
    """While failures are what is asked for, they do not count."""

    def __enter__(self):
        self.before = broken

    def __exit__(self, kind, *_):
        global broken
        if kind is not None and issubclass(kind, AssertionError):
            broken = self.before


# Names of Python's own: nothing that a candidate declares can stand in their place.
builtins.__holdfast_mark__ = mark
builtins.__holdfast_check__ = check
builtins.__holdfast_lost__ = lost

# What reads as a statement about a value where an expression is the whole test.
PREDICATES = {"all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass", "isclose", "allclose", "array_equal"}
PREDICATES |= {"startswith", "endswith", "isdisjoint", "issubset", "issuperset"}


class Unusable(BaseException):
    """The tests cannot be run as they are. A candidate's code cannot raise it."""


class Skipped(BaseException):
    """A test that skipped itself."""


def marked(tree):
    """The tree with its marks."""
    nodes = list(ast.walk(tree))
    mentioned.update(node.id for node in nodes if isinstance(node, ast.Name))
    own = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    imported = {name.asname or name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    return ast.fix_missing_locations(Marks(own, imported).visit(tree))


def marking(value=None):
    return called("mark", *([] if value is None else [value]))


def called(name, *args):
    return ast.Call(ast.Name("__holdfast_" + name + "__", ast.Load()), list(args), [])


class Marks(ast.NodeTransformer):
    def __init__(self, own, imported):
        self.own = own
        self.imported = imported

    def visit_Assert(self, node):
        self.generic_visit(node)
        # A tuple (a forgotten pair of parentheses) is always true, a constant says nothing about the code; a false one fails.
        if says_something(node.test):
            node.test = called("check", node.test)
        elif isinstance(node.test, ast.Constant) and not node.test.value:
            node.test = called("check", node.test)
        return node

    def visit_Raise(self, node):
        self.generic_visit(node)
        if raised_name(node) == "AssertionError":
            node.exc = called("lost", node.exc if isinstance(node.exc, ast.Call) else ast.Call(node.exc, [], []))
        return node

    def visit_Match(self, node):
        self.generic_visit(node)
        if any(fails(case.body) for case in node.cases):
            node.subject = marking(node.subject)
        return node

    def visit_Expr(self, node):
        call = node.value
        # Without something to call, and not in a `with`, this asserts nothing.
        idle = isinstance(call, ast.Call) and re.match(r"assert(Raises|Warns|Logs|NoLogs)", callee(call)) and len(call.args) < 2
        return node if idle else self.generic_visit(node)

    def visit_Call(self, node):
        """`self.assertEqual(…)`, `mock.assert_called()`, an imported `assert_allclose(…)`. Functions that the tests define count by their own assertions."""
        self.generic_visit(node)
        name, is_method = callee(node), isinstance(node.func, ast.Attribute)
        if not re.match(r"_?assert", name) or name in self.own or not (is_method or name in self.imported):
            return node
        about = [*node.args, *(keyword.value for keyword in node.keywords)]
        if is_method and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("self", "cls")):
            about.append(node.func.value)
        return marking(node) if any(map(says_something, about)) else node

    def visit_If(self, node):
        self.generic_visit(node)
        if (fails(node.body) or fails(node.orelse)) and says_something(node.test):
            node.test = marking(node.test)
        return node

    def visit_Try(self, node):
        wanted = [statement for statement in node.body if fails([statement])]
        always = fails(node.orelse) or any(not isinstance(statement, ast.Raise) or raised_name(statement) == "AssertionError" for statement in wanted)
        self.generic_visit(node)
        for handler in node.handlers:
            # An exception that had to come: it did, before the statement that would have failed, unless the handler takes what that raises.
            if always or (wanted and not any(takes(handler.type, raised_name(statement)) for statement in wanted)):
                handler.body.insert(0, ast.Expr(marking()))
        return node


def raised_name(node):
    return callee(node.exc) if isinstance(node.exc, ast.Call) else node.exc.id if isinstance(node.exc, ast.Name) else ""


def callee(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def says_something(test):
    if isinstance(test, ast.Tuple):
        return False
    return any(isinstance(node, (ast.Name, ast.Call, ast.Attribute)) for node in ast.walk(test))


def fails(body):
    """Whether statements always end in a failure: `raise`, `assert False`, `self.fail()`."""
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and not node.test.value)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and callee(node.value) == "fail")
        for node in body
    )


def takes(kind, name):
    """Whether an `except` takes exceptions of a name, as far as its own names tell."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or not isinstance(one, ast.Name) or one.id in ("Exception", "BaseException", name) for one in kinds)


def states_truth(expression):
    """Whether an expression, as a whole test, says that something is so. A bare call does not."""
    if isinstance(expression, ast.Call):
        return callee(expression) in PREDICATES and says_something(expression)
    if isinstance(expression, ast.BoolOp):
        return all(map(states_truth, expression.values))
    is_statement = isinstance(expression, ast.Compare) or (isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.Not))
    return is_statement and says_something(expression)


def has_assertion(node):
    """Whether a statement asserts something by itself, functions that it only defines aside."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    if isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and re.match(r"_?assert|raises$", callee(node))):
        return True
    return any(map(has_assertion, ast.iter_child_nodes(node)))
