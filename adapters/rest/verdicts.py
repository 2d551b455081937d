"""What an answer, or the lack of one, means: the one place where HTTP becomes the errors of `ports.errors`."""

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from string import Formatter
from typing import Any

import attrs

from adapters.rest.answer import Answer
from adapters.rest.endpoint import Endpoint
from adapters.rest.exchange import Break
from ports.errors import (
    AccessError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    MalformedReplyError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    ThrottledError,
    TimedOutError,
    UnavailableError,
    UnsupportedError,
)


class Verdict(Enum):
    """What happened, in words that decide what may be done next."""

    DONE = "done"
    SIGNED_OUT = "the credentials were refused"
    NO_ACCESS = "access was refused"
    FORBIDDEN = "it is forbidden to us"
    NO_RECORD = "there is no such record"
    NO_ROUTE = "there is no such route"
    INVALID = "the request was refused as invalid"
    CONFLICT = "the record's state forbids it"
    REFUSED = "the request was refused"
    THROTTLED = "too many requests"
    NOT_DONE = "refused before anything was done"
    NEVER_SENT = "no connection could be made"
    UNTRUSTED = "the certificate was not accepted and nothing was sent"
    TROUBLE = "the server is in trouble"
    DOWN = "the server failed"
    TIMED_OUT = "no answer in time"
    LOST = "the connection was lost"
    STRANGE = "the answer was not understood"
    ODD_REFUSAL = "the request was turned down in an unknown way"


# Nothing was done, so even an unsafe request may go again.
SURELY_NOT_DONE = frozenset({Verdict.THROTTLED, Verdict.NOT_DONE, Verdict.NEVER_SENT})
# Worth another try where a repetition does no harm.
PASSING = frozenset({Verdict.TROUBLE, Verdict.TIMED_OUT, Verdict.LOST})
# Neither a success nor a refusal: an unsafe request may have been carried out.
UNSURE = PASSING | {Verdict.DOWN, Verdict.STRANGE, Verdict.ODD_REFUSAL}

BREAKS: Mapping[Break, Verdict] = {
    Break.NEVER_SENT: Verdict.NEVER_SENT,
    Break.UNTRUSTED: Verdict.UNTRUSTED,
    Break.TIMED_OUT: Verdict.TIMED_OUT,
    Break.OVERSIZE: Verdict.STRANGE,
    Break.LOST: Verdict.LOST,
}


@attrs.frozen
class Row:
    """One line of a table: answers with one of `statuses`, for which `says` holds, get `verdict`.

    `message` may take words out of the vendor's answer that are safe to show to anybody: no value that we sent, and
    nothing about a person. It is shown cut to 200 characters.
    """

    verdict: Verdict
    statuses: Collection[int]
    says: Callable[[Answer], bool] | None = None
    message: Callable[[Answer], str | None] | None = None

    def fits(self, answer: Answer) -> bool:
        """Whether this line speaks of `answer`."""
        return answer.status in self.statuses and (self.says is None or self.says(answer))


@attrs.frozen
class VerdictTable:
    """Lines in order: the first that fits decides."""

    rows: tuple[Row, ...]

    def after(self, *rows: Row) -> "VerdictTable":
        """This table behind a vendor's own lines."""
        return VerdictTable((*rows, *self.rows))

    def judge(self, answer: Answer) -> tuple[Verdict, str]:
        """The verdict, and a vendor's safe words or an empty text."""
        row = next((row for row in self.rows if row.fits(answer)), _LAST)
        words = row.message(answer) if row.message else None
        return row.verdict, _safe(words or "")


def _safe(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words)[:200]


_LAST = Row(Verdict.ODD_REFUSAL, ())

DEFAULT = VerdictTable(
    (
        Row(Verdict.DONE, range(200, 300)),
        Row(Verdict.STRANGE, range(100, 400)),
        Row(Verdict.INVALID, {400, 413, 414, 415, 422, 431}),
        Row(Verdict.SIGNED_OUT, {401}),
        Row(Verdict.NO_ACCESS, {402, 407}),
        Row(Verdict.FORBIDDEN, {403, 451}),
        Row(Verdict.NO_RECORD, {404, 410}),
        Row(Verdict.REFUSED, {405, 406, 411, 417, 428}),
        Row(Verdict.CONFLICT, {409, 412, 423}),
        # Whether a proxy or the vendor speaks, and what was done before, 408 and 425 do not say.
        Row(Verdict.TROUBLE, {408, 425, 500, 502, 503, 504}),
        Row(Verdict.THROTTLED, {429}),
        Row(Verdict.DOWN, range(500, 600)),
    )
)


@attrs.frozen(kw_only=True)
class Asked:
    """Of which call a failure speaks: provider, row, and the ids in its path."""

    provider: str
    endpoint: Endpoint[Any]
    path: Mapping[str, str]


@attrs.frozen
class Failed:
    """A failure, and whether the very call may be made again now."""

    error: PortError
    again: bool = False


def failed(verdict: Verdict, asked: Asked, detail: str, *, hint: float | None = None) -> Failed:
    """The failure that a verdict is for this row. `detail` is a status or a cause; `hint` the Retry-After."""
    if not asked.endpoint.repeatable and verdict in UNSURE:
        verdict_error: PortError = OutcomeUnknownError(
            _message(verdict, asked, detail), provider=asked.provider, operation=asked.endpoint.name
        )
        return Failed(verdict_error)
    return Failed(_error(verdict, asked, detail, hint), again=verdict in SURELY_NOT_DONE | PASSING)


def malformed(asked: Asked, path: str) -> Failed:
    """The failure that a success with an unreadable body is."""
    if not asked.endpoint.repeatable:
        return failed(Verdict.STRANGE, asked, f"at {path}")
    message = _message(Verdict.STRANGE, asked, f"at {path}")
    return Failed(MalformedReplyError(message, path=path, provider=asked.provider, operation=asked.endpoint.name))


_ERRORS: Mapping[Verdict, type[PortError]] = {
    Verdict.SIGNED_OUT: AccessError,
    Verdict.NO_ACCESS: AccessError,
    Verdict.FORBIDDEN: ForbiddenError,
    Verdict.INVALID: InvalidInputError,
    Verdict.CONFLICT: ConflictError,
    Verdict.REFUSED: RefusedError,
    Verdict.ODD_REFUSAL: RefusedError,
    Verdict.STRANGE: MalformedReplyError,
}
_WAITS: Mapping[Verdict, type[UnavailableError]] = {
    Verdict.THROTTLED: ThrottledError,
    Verdict.TIMED_OUT: TimedOutError,
}


def _error(verdict: Verdict, asked: Asked, detail: str, hint: float | None) -> PortError:
    provider, operation = asked.provider, asked.endpoint.name
    message = _message(verdict, asked, detail)
    if verdict is Verdict.NO_RECORD:
        kind, record_id = _record(asked)
        return NotFoundError(kind, record_id, provider=provider, operation=operation)
    if verdict is Verdict.NO_ROUTE:
        return UnsupportedError(message, provider=provider, capability=operation)
    if (kind_of_error := _ERRORS.get(verdict)) is not None:
        return kind_of_error(message, provider=provider, operation=operation)
    return _WAITS.get(verdict, UnavailableError)(message, retry_after=hint, provider=provider, operation=operation)


def _message(verdict: Verdict, asked: Asked, detail: str) -> str:
    return f"{asked.provider} {asked.endpoint.name}: {verdict.value} ({detail})"


def _record(asked: Asked) -> tuple[str, str]:
    # The last id in the path names what was asked for: /candidates/{candidate_id}/notes/{note_id} a note.
    names = [name for _, name, _, _ in Formatter().parse(asked.endpoint.path) if name]
    if not names:
        return "the route", asked.endpoint.name
    return names[-1].removesuffix("_id") if names[-1] != "id" else asked.endpoint.name, asked.path[names[-1]]
