"""Counts what tests assert: each assertion in their source leaves a mark when it runs, so that a test that asserted nothing is seen.

Follows sandbox_values.py in the same text. Only the tests' own source is marked; no code of a candidate can leave a mark.
"""

import ast
import re

marks = 0


def mark(value=None):
    global marks
    marks += 1
    return value


# A name of Python's own: nothing that a candidate declares can stand in its place.
builtins.__holdfast_mark__ = mark

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
    own = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    imported = {name.asname or name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    return ast.fix_missing_locations(Marks(own, imported).visit(tree))


def marking(value=None):
    return ast.Call(ast.Name("__holdfast_mark__", ast.Load()), [] if value is None else [value], [])


class Marks(ast.NodeTransformer):
    def __init__(self, own, imported):
        self.own = own
        self.imported = imported

    def visit_Assert(self, node):
        self.generic_visit(node)
        # A tuple (a forgotten pair of parentheses) is always true, a constant says nothing about the code.
        return [ast.Expr(marking()), node] if says_something(node.test) else node

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
        wanted = fails(node.body)
        self.generic_visit(node)
        for handler in node.handlers:
            # An exception that had to come: it did, before the statement that would have failed. Where the handler also takes that, nothing is asserted.
            if fails(node.orelse) or (wanted and not takes_failures(handler.type)):
                handler.body.insert(0, ast.Expr(marking()))
        return node


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


def takes_failures(kind):
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(not isinstance(one, ast.Name) or one.id in ("Exception", "BaseException", "AssertionError") for one in kinds if not isinstance(one, ast.Attribute))


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
