"""From unary tests to one Python function a table: a syntax tree of a few allowed node types, compiled once; no text is executed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from assessment.unary import AnyTest, ContainsTest, IntervalTest, InTest, NotTest, NullTest, OrTest, UnaryTest, holds, is_empty

Compiled = Callable[..., tuple[int, ...]]

ALLOWED = (
    ast.Expression,
    ast.Lambda,
    ast.arguments,
    ast.arg,
    ast.IfExp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.Compare,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.Is,
    ast.IsNot,
    ast.Name,
    ast.NamedExpr,
    ast.Load,
    ast.Store,
    ast.Constant,
    ast.Tuple,
    ast.BinOp,
    ast.Add,
    ast.Call,
    ast.Subscript,
    ast.Eq,
)


class _Names:
    """Constants of a table under generated names, so that a value is never written as source."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"_empty": is_empty, "_meet": _meet}

    def hold(self, value: Any) -> ast.expr:
        name = f"_k{len(self.values)}"
        self.values[name] = value
        return _name(name)


def _meet(wanted: frozenset[Any], value: Any) -> bool:
    return isinstance(value, tuple | list) and not wanted.isdisjoint(value)


def compile_rows(inputs: Sequence[str], rows: Sequence[Mapping[str, UnaryTest]], first_only: bool) -> Compiled:
    """A function of the inputs, in order, that gives the positions of the rows that fire (the first only, if so asked)."""
    names = _Names()
    variables = {name: f"v{position}" for position, name in enumerate(inputs)}
    conditions = [_row(row, lambda name: _name(variables[name]), names) for row in rows]
    positions: list[ast.expr] = [ast.Tuple([ast.Constant(position)], ast.Load()) for position in range(len(rows))]
    nothing = ast.Tuple([], ast.Load())
    body: ast.expr = nothing
    for position, condition in reversed(list(zip(positions, conditions, strict=True))):
        alone = ast.IfExp(condition, position, body if first_only else nothing)
        body = alone if first_only else ast.BinOp(alone, ast.Add(), body)
    return _function(list(variables.values()), body, names)


def compile_choice(rows: Sequence[Mapping[str, UnaryTest]], results: Sequence[Any]) -> Callable[[Mapping[str, Any]], Any]:
    """A function of all values by name that gives the result of the first row that fires, None when none does: as fast as a chain of
    if and elif, because a value is read only where a row asks for it."""
    names = _Names()
    body: ast.expr = ast.Constant(None)
    for row, result in reversed(list(zip(rows, results, strict=True))):
        condition = _row(row, partial(_item, names), names)
        body = ast.IfExp(condition, names.hold(result), body)
    return _function(["v"], body, names)


def compile_refusals(rows: Sequence[Mapping[str, UnaryTest]]) -> Callable[[Mapping[str, Any]], tuple[str | None, ...]]:
    """A function of all values by name that gives for each row the first input that keeps it from firing, None where all its tests hold."""
    names = _Names()
    read = _Read(names)
    refusals: list[ast.expr] = []
    for row in rows:
        asked = [(name, test) for name, test in row.items() if not isinstance(test, AnyTest)]
        held = [
            (name, _test(test, partial(read.value, name, sure=not place and _reads(test)), names))
            for place, (name, test) in enumerate(asked)
        ]
        found: ast.expr = ast.Constant(None)
        for name, holding in reversed(held):
            found = ast.IfExp(holding, found, ast.Constant(name))
        refusals.append(found)
    return _function(["v"], ast.Tuple(refusals, ast.Load()), names, read.kept.values())


def _reads(test: UnaryTest) -> bool:
    """Whether a test reads its value whatever it is: one that begins with a dash is done before."""
    match test:
        case AnyTest():
            return False
        case NotTest(inner):
            return _reads(inner)
        case OrTest(tests):
            return _reads(tests[0])
    return True


class _Read:
    """Values that are read once and kept. Every row is looked at, so what its first test reads is at hand for all later rows; what a
    later test reads is so only where the tests before it held."""

    def __init__(self, names: _Names) -> None:
        self.names = names
        self.kept: dict[str, str] = {}

    def value(self, name: str, *, sure: bool) -> ast.expr:
        """The value of an input; `sure`: this is read whatever the values are, from its first place on."""
        if name in self.kept:
            return _name(self.kept[name])
        read = _item(self.names, name)
        if not sure:
            return read
        self.kept[name] = f"w{len(self.kept)}"
        return ast.NamedExpr(ast.Name(self.kept[name], ast.Store()), read)


def _item(names: _Names, name: str) -> ast.expr:
    """The value of an input."""
    return ast.Subscript(_name("v"), names.hold(name), ast.Load())


def apart(one: Mapping[str, UnaryTest], other: Mapping[str, UnaryTest]) -> bool:
    """Whether two rows are seen to never fire together: some column has tests that no value passes both of. False where that is not
    plain to see."""
    return any(_apart(test, other[name]) for name, test in one.items() if name in other)


def _apart(one: UnaryTest, other: UnaryTest) -> bool:
    if isinstance(one, InTest):
        return not any(holds(other, value) for value in one.values)
    if isinstance(other, InTest):
        return _apart(other, one)
    if isinstance(one, IntervalTest) and isinstance(other, IntervalTest):
        low, high = (one, other) if one.high is not None and other.low is not None and one.high <= other.low else (other, one)
        if low.high is None or high.low is None or low.high > high.low:
            return False
        return bool(low.high < high.low or not (low.high_closed and high.low_closed))
    return False


def _function(arguments: Sequence[str], body: ast.expr, names: _Names, kept: Iterable[str] = ()) -> Callable[..., Any]:
    signature = ast.arguments([], [ast.arg(name) for name in arguments], None, [], [], None, [])
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(signature, body)))
    _check(tree, {*arguments, *names.values, *kept})
    # The tree consists of allowed nodes over generated names only (checked above); builtins are withheld.
    function: Callable[..., Any] = eval(compile(tree, "<decision table>", "eval"), {"__builtins__": {}, **names.values})  # noqa: S307
    return function


def _check(tree: ast.AST, names: set[str]) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            raise TypeError(f"{type(node).__name__} is not allowed in a decision table")
        if isinstance(node, ast.Name) and node.id not in names:
            raise TypeError(f"{node.id} is no name of this table")
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in ("_empty", "_meet")):
            raise TypeError("a decision table calls nothing")


def _row(tests: Mapping[str, UnaryTest], value: Callable[[str], ast.expr], names: _Names) -> ast.expr:
    """The condition of a row; `value` gives the expression of an input."""
    parts = [_test(test, partial(value, name), names) for name, test in tests.items() if not isinstance(test, AnyTest)]
    return _join(ast.And(), parts) if parts else ast.Constant(True)


def _test(test: UnaryTest, value: Callable[[], ast.expr], names: _Names) -> ast.expr:
    match test:
        case AnyTest():
            return ast.Constant(True)
        case NullTest():
            return ast.Call(_name("_empty"), [value()], [])
        case InTest((only,)):
            return ast.Compare(value(), [ast.Eq()], [names.hold(only)])
        case InTest(values):
            return ast.Compare(value(), [ast.In()], [names.hold(frozenset(values))])
        case ContainsTest(values):
            return ast.Call(_name("_meet"), [names.hold(frozenset(values)), value()], [])
        case NotTest(inner):
            return ast.UnaryOp(ast.Not(), _test(inner, value, names))
        case OrTest(tests):
            return _join(ast.Or(), [_test(one, value, names) for one in tests])
        case IntervalTest(low, high, low_closed, high_closed):
            parts: list[ast.expr] = [ast.Compare(value(), [ast.IsNot()], [ast.Constant(None)])]
            if low is not None:
                parts.append(ast.Compare(value(), [ast.GtE() if low_closed else ast.Gt()], [names.hold(low)]))
            if high is not None:
                parts.append(ast.Compare(value(), [ast.LtE() if high_closed else ast.Lt()], [names.hold(high)]))
            return _join(ast.And(), parts)
    raise TypeError(f"{test!r} is no unary test")


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _join(operator: ast.boolop, parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(operator, parts)
