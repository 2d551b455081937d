"""Files and functions that can be read at one sitting."""

import ast
from statistics import median, quantiles

from tests.shape.source import product, suite

LONGEST_FILE, LONGEST_FUNCTION = 300, 60


def _functions() -> list[tuple[int, str]]:
    return [
        ((node.end_lineno or 0) - node.lineno + 1, f"{module.name}:{node.lineno} {node.name}")
        for module in product()
        for node in module.nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {module.name: len(module.lines) for module in (*product(), *suite())}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    assert [place for length, place in _functions() if length > LONGEST_FUNCTION] == []


def test_most_functions_are_short() -> None:
    lengths = [length for length, _ in _functions()]

    assert median(lengths) <= 9
    assert quantiles(lengths, n=10)[-1] <= 28
