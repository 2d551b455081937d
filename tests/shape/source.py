"""The source tree as data."""

import ast
import subprocess
from functools import cache
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("domain", "ports", "adapters", "application", "entrypoints")


@attrs.frozen
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """Its path within the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        """What stands in it."""
        return _text(self.path)

    @property
    def lines(self) -> list[str]:
        """The same, by lines."""
        return self.text.splitlines()

    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its syntax tree."""
        return _nodes(self.path)


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(_text(path))))


@cache
def product() -> tuple[Module, ...]:
    """What is shipped."""
    return _modules(*PACKAGES)


@cache
def suite() -> tuple[Module, ...]:
    """The tests."""
    return _modules("tests")


def _modules(*folders: str) -> tuple[Module, ...]:
    return tuple(Module(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def found(modules: tuple[Module, ...], *words: str) -> list[str]:
    """Where any of the words stands."""
    return [
        f"{module.name}:{number}: {word}"
        for module in modules
        for number, line in enumerate(module.lines, start=1)
        for word in words
        if word in line
    ]
