"""A host's table of routes: one row says everything that a path accepts."""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

import attrs

from entrypoints.sandbox.fields import Field
from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.wire import Ask, Reply

S = TypeVar("S")


class Media(Enum):
    JSON = "application/json"
    FORM = "application/x-www-form-urlencoded"
    MULTIPART = "multipart/form-data"


def _always(_state: object) -> bool:
    return True


@attrs.frozen(kw_only=True)
class Route(Generic[S]):
    """`source` says where the row comes from: a numbered public source, or "assumed".

    `exact` rows take their path in one spelling only; `open` ones need no credentials; of an `action` a caller may have
    only so many under way; `within` finds the row for what a request carries to another system, and `tail` names it.
    """

    method: str
    template: str
    handler: Callable[[S, Ask], Reply]
    source: str
    query: tuple[Field, ...] = ()
    media: tuple[Media, ...] = ()
    body: tuple[Field, ...] = ()
    effect: bool = False
    login: bool = False
    rows: bool = False
    pages: bool = False
    exact: bool = False
    open: bool = False
    action: bool = False
    tail: str = ""
    within: Callable[[bytes], "Route[S] | None"] | None = None
    exists: Callable[[S], bool] = _always
    manners: Manners | None = None
    pattern: re.Pattern[str] = attrs.field(init=False, repr=False, eq=False)

    @pattern.default
    def _compile(self) -> re.Pattern[str]:
        text = re.sub(r"\{(\w+):int\}", r"(?P<\1>[0-9]{1,18})", self.template)
        flags = re.NOFLAG if self.exact else re.IGNORECASE
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", text), flags)

    @property
    def label(self) -> str:
        """The name under which faults and counts know the row."""
        return f"{self.method} {self.template.replace(':int', '')}{self.tail}"

    def params(self, path: str) -> dict[str, Any] | None:
        match = self.pattern.fullmatch(path)
        if match is None:
            return None
        numbers = set(re.findall(r"\{(\w+):int\}", self.template))
        texts = {name: unquote(text) if self.exact else text for name, text in match.groupdict().items()}
        return {name: int(text) if name in numbers else text for name, text in texts.items()}

    def carried(self, raw: object) -> "Route[S]":
        """The row that the body chooses, if this row is a way to another system."""
        inner = self.within(raw) if self.within is not None and isinstance(raw, bytes) else None
        return inner or self


def tidy(path: str) -> str:
    """The path as the server takes it: doubled and trailing slashes do not matter."""
    return "/" + "/".join(part for part in path.split("/") if part)


def at(routes: Sequence[Route[S]], path: str, state: S) -> list[tuple[Route[S], dict[str, Any]]]:
    """The rows that stand at the path, those with fewer placeholders first."""
    found = [(row, params) for row in routes if (params := row.params(path)) is not None and row.exists(state)]
    return sorted(found, key=lambda pair: len(pair[1]))
