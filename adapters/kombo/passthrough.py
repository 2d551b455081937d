"""Calls of the ATS itself, which Kombo passes on: each is a row of its own, sent inside one POST to Kombo.

What the ATS answered stands inside Kombo's 200. A refusal of Kombo's own means that the ATS was not asked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from string import Formatter
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import attrs

from adapters.kombo import codec, wire
from adapters.kombo.routing import Wiring
from adapters.kombo.settings import Settings
from adapters.rest.answer import Answer
from adapters.rest.body import Body, json_body
from adapters.rest.endpoint import Endpoint
from adapters.rest.verdicts import Row, Verdict
from ports.attempt import Attempt
from ports.errors import InvalidInputError, NotFoundError, UnsupportedError

T = TypeVar("T")

NOTHING: Mapping[str, str] = MappingProxyType({})


@attrs.frozen
class Answered(Generic[T]):
    """What the ATS answered to a read."""

    data: T


@attrs.frozen
class Passed(Generic[T]):
    """Kombo's envelope round it."""

    data: Answered[T]


@attrs.frozen
class Told(Generic[T]):
    """What the ATS said of a change: perhaps nothing, which Kombo may show as an empty text."""

    data: T | Literal[""] | None = None


@attrs.frozen
class Changed(Generic[T]):
    """Kombo's envelope round it, with what it warns of."""

    data: Told[T]
    warnings: list[wire.Warned] = attrs.field(factory=list)


@attrs.frozen
class Made(Generic[T]):
    """A change that was made: what the ATS said of it, if anything, and what Kombo warned of."""

    said: T | None
    warnings: tuple[str, ...]


@attrs.frozen
class _Glance:
    status: int


@attrs.frozen
class _Envelope:
    data: _Glance


def _inner(answer: Answer) -> int | None:
    envelope = answer.read_as(_Envelope)
    return None if envelope is None else envelope.data.status


def _says(statuses: Collection[int]) -> Callable[[Answer], bool]:
    return lambda answer: _inner(answer) in statuses


def _said(answer: Answer) -> str | None:
    status = _inner(answer)
    return None if status is None else f"the ATS said {status} to Kombo"


def _row(verdict: Verdict, statuses: Collection[int]) -> Row:
    return Row(verdict, {200}, says=_says(statuses), message=_said)


INNER_VERDICTS: tuple[Row, ...] = (
    Row(Verdict.DONE, {200}, says=_says(range(200, 300))),
    _row(Verdict.INVALID, {400, 422}),
    # Kombo logs in to the ATS: no token of ours was refused, so none is renewed.
    _row(Verdict.NO_ACCESS, {401}),
    _row(Verdict.FORBIDDEN, {403}),
    _row(Verdict.NO_RECORD, {404}),
    _row(Verdict.REFUSED, {405, 406, 415}),
    _row(Verdict.THROTTLED, {429}),
    _row(Verdict.TROUBLE, {500, 502, 503, 504}),
    _row(Verdict.DOWN, range(500, 600)),
    _row(Verdict.ODD_REFUSAL, range(400, 500)),
    # Neither Kombo's envelope nor a status that means anything.
    Row(Verdict.STRANGE, {200}, message=_said),
)
"""What the ATS's own status means. They stand before the lines for Kombo's answers."""


def outer(row: Endpoint[T], settings: Settings) -> Endpoint[T]:
    """The row as it leaves: a POST to Kombo. Its own method and path are those that the ATS sees."""
    return attrs.evolve(row, method="POST", path=settings.passthrough_path, timeout=settings.request_seconds)


class Passthrough:
    """The calls of one capability to the ATS behind Kombo: those that it says it uses, and no other.

    Setting `assumed` may hold, as `path.<row>`, the paths that this customer's ATS has otherwise.
    """

    def __init__(self, wiring: Wiring, uses: Iterable[Endpoint[Any]]) -> None:
        self._rows = {row: outer(row, wiring.settings) for row in uses}
        self._api = wiring.api.judging(*INNER_VERDICTS).using(self._rows.values())
        self._paths = wiring.settings.assumed

    async def call(self, row: Endpoint[Passed[T]], *, path: Mapping[str, str] = NOTHING, data: object = None) -> T:
        """What the ATS answered to a read. Raises as `Api.call`.

        `path` fills the row's template. A path without ids that is not found is one which this customer's ATS does
        not have: UnsupportedError.
        """
        return (await self._sent(row, path, data, None)).data.data

    async def change(
        self, row: Endpoint[Changed[T]], *, path: Mapping[str, str], data: object, attempt: Attempt
    ) -> Made[T]:
        """A change that the ATS said it made. Raises as `call`."""
        changed = await self._sent(row, path, data, attempt)
        return Made(changed.data.data or None, codec.said(changed.warnings))

    async def _sent(self, row: Endpoint[T], path: Mapping[str, str], data: object, attempt: Attempt | None) -> T:
        template = self._paths.get(f"path.{row.name}", row.path)
        body = _body(row.method, _filled(row, template, path), data)
        wrapped: Endpoint[T] = self._rows.get(row, row)
        try:
            return await self._api.call(wrapped, body=body, attempt=attempt)
        except NotFoundError as error:
            raise _missing(error, row, template, path) from None


def _body(method: str, path: str, data: object) -> Body:
    asked: dict[str, object] = {"method": method, "path": path}
    return json_body(asked if data is None else {**asked, "data": data})


def _names(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def _filled(row: Endpoint[Any], template: str, path: Mapping[str, str]) -> str:
    for name in _names(template):
        if path[name] in {"", ".", ".."}:
            raise InvalidInputError(f"{row.name}: {name} is not an id", field=name, operation=row.name)
    return template.format_map({name: quote(value, safe="") for name, value in path.items()})


def _missing(
    error: NotFoundError, row: Endpoint[Any], template: str, path: Mapping[str, str]
) -> NotFoundError | UnsupportedError:
    names = _names(template)
    if names:
        kind, record = names[-1].removesuffix("_id"), path[names[-1]]
        return NotFoundError(kind, record, provider=error.provider, operation=row.name)
    why = f"this customer's ATS does not offer {row.method} {template}"
    return UnsupportedError(why, provider=error.provider, capability=row.name)
