"""Words that must not stand in the source, or only in one place."""

import ast
import re
import sys

from tests.shape.source import Module, found, product, suite

UNFINISHED = ("NotImplementedError", "TODO", "FIXME", "XXX")
VAGUE = re.compile(r"(Manager|Helper|Base|Utils?)$|^(Base|Abstract)[A-Z]|^I[A-Z][a-z]")
REASONED = re.compile(r"# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S")
CODED = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]")
UNVERIFIED = ("CERT_NONE", "check_hostname", "verify=False", "_create_unverified_context", "_create_default_https")
SANDBOX = "entrypoints/sandbox/"
SESSIONS = "adapters/rest/sessions.py"


def _comments(mark: str) -> list[str]:
    return [
        f"{module.name}:{number}: {line.strip()}"
        for module in product()
        for number, line in enumerate(module.lines, start=1)
        if mark in line
    ]


def test_nothing_is_left_for_later() -> None:
    assert found(product(), *UNFINISHED) == []


def test_every_exemption_from_the_linter_says_why() -> None:
    assert [place for place in _comments("# noqa") if not REASONED.search(place)] == []


def test_every_exemption_from_the_type_checker_names_its_code() -> None:
    assert [place for place in _comments("# type: ignore") if not CODED.search(place)] == []


def test_no_class_has_a_vague_name() -> None:
    names = [
        f"{module.name}: {node.name}"
        for module in (*product(), *suite())
        for node in module.nodes()
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)
    ]

    assert names == []


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    named = {name: set(name.removesuffix(".py").split("/")) for name in (one.name for one in (*product(), *suite()))}

    assert {name for name, parts in named.items() if parts & sys.stdlib_module_names} == set()


def _imports(module: Module) -> set[str]:
    whole = {
        alias.name.partition(".")[0] for node in module.nodes() if isinstance(node, ast.Import) for alias in node.names
    }
    parts = {
        node.module.partition(".")[0] for node in module.nodes() if isinstance(node, ast.ImportFrom) and node.module
    }
    return whole | parts


def test_one_module_holds_the_archived_library() -> None:
    assert [module.name for module in product() if "backoff" in _imports(module)] == ["adapters/rest/retry.py"]


def test_only_the_wiring_knows_the_container_library() -> None:
    users = {module.name for module in product() if "dependency_injector" in _imports(module)}

    assert users <= {"entrypoints/container.py", "entrypoints/lifecycle.py"}


def _tls_options(module: Module) -> list[ast.expr]:
    """What is given anywhere as the option `ssl`: by keyword, or in a table of options."""
    by_keyword = [
        node.value for node in module.nodes() if isinstance(node, ast.keyword) and node.arg in {"ssl", "verify_ssl"}
    ]
    in_tables = [
        value
        for node in module.nodes()
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in {"ssl", "verify_ssl"}
    ]
    return by_keyword + in_tables


def _may_be_off(module: Module) -> list[int]:
    """Lines on which verification is, or may be, switched off."""
    direct = [value for value in _tls_options(module) if isinstance(value, ast.Constant) and value.value is False]
    chosen = [
        node.orelse
        for node in module.nodes()
        if isinstance(node, ast.IfExp) and isinstance(node.orelse, ast.Constant) and node.orelse.value is False
    ]
    return [value.lineno for value in (*direct, *(chosen if module.name == SESSIONS else ()))]


def test_verification_can_be_off_in_one_place_alone() -> None:
    ours = tuple(module for module in product() if not module.name.startswith(SANDBOX))

    assert {module.name: len(_may_be_off(module)) for module in ours if _may_be_off(module)} == {SESSIONS: 1}
    assert [module.name for module in ours if _tls_options(module)] == [SESSIONS]
    assert found(ours, *UNVERIFIED) == []


def _waits(module: Module) -> list[str]:
    """Calls that really wait: `sleep` of time or asyncio, but for the bare `asyncio.sleep(0)`."""
    return [
        f"{module.name}:{node.lineno}"
        for node in module.nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sleep"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"asyncio", "time"}
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]


def test_no_test_waits() -> None:
    """Where time itself is a test's own, a wait takes none of ours."""
    real = [one for one in suite() if not one.name.endswith("virtual_time.py")]

    assert [place for module in real for place in _waits(module)] == []


def test_nothing_of_ours_is_patched() -> None:
    patching = {"mock", "unittest", "pytest_mock", "freezegun", "time_machine", "responses", "aioresponses"}
    fixtures = [
        f"{module.name}:{node.lineno}"
        for module in suite()
        for node in module.nodes()
        if isinstance(node, ast.arg) and node.arg in {"monkeypatch", "mocker"}
    ]

    assert [module.name for module in suite() if _imports(module) & patching] == []
    assert fixtures == []
