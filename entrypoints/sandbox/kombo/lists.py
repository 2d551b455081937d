"""Pages of lists: opaque cursors that hold for their own filters only, and filters that all have to be met."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Generic, TypeVar

import attrs
import msgspec

from entrypoints.sandbox.fields import FLAG, TEXT, Field, Kind, matching
from entrypoints.sandbox.kombo.auth import integration
from entrypoints.sandbox.kombo.manners import told, wrong
from entrypoints.sandbox.kombo.state import Integration, State
from entrypoints.sandbox.kombo.store import Store
from entrypoints.sandbox.wire import Ask, Paging, Reply

R = TypeVar("R")
Row = dict[str, Any]

USUAL, MOST = 100, 250
_SEAL = b"pages of the sandbox"


def _nothing(value: object) -> Any:
    raise ValueError(value)


def _size(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise ValueError(text)
    return int(text)


def _moment(text: str) -> datetime:
    """Kombo's own pattern: no offset but Z."""
    plain = matching("", r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?)?Z?").from_text(text)
    return datetime.fromisoformat(plain.removesuffix("Z")).replace(tzinfo=UTC)


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    if not all(parts):
        raise ValueError(text)
    return parts


def among(*texts: str) -> Kind:
    def read(text: str) -> list[str]:
        if not set(_parts(text)) <= set(texts):
            raise ValueError(text)
        return _parts(text)

    return Kind(f"some of {', '.join(texts)} joined by commas", _nothing, read)


SIZE = Kind(f"a number from 1 to {MOST}", _nothing, _size)
MOMENT = Kind("a time as YYYY-MM-DDTHH:mm:ss.sssZ", _nothing, _moment)
IDS = Kind("ids joined by commas", _nothing, _parts)
PAGED = (
    Field("cursor", TEXT),
    Field("page_size", SIZE),
    Field("updated_after", MOMENT),
    Field("include_deleted", FLAG),
    Field("ignore_unsupported_filters", FLAG),
    Field("ids", IDS),
    Field("remote_ids", IDS),
)
_COMMON = {"cursor", "page_size", "include_deleted", "ignore_unsupported_filters"}


@attrs.frozen(kw_only=True)
class Listing(Generic[R]):
    """One model's list. `changed` is the time that `updated_after` looks at; `tests` are its own filters by name."""

    model: str
    store: Store[R]
    show: Callable[[R], Row]
    remote_id: Callable[[R], str]
    changed: Callable[[R], datetime]
    tests: dict[str, Callable[[R, Any], bool]] = attrs.field(factory=dict)
    numbers: range | list[int] | None = None
    """Where to look, if an index knows; else all."""
    touch: Callable[[R, datetime], R] | None = None


@attrs.frozen(kw_only=True)
class _Cursor:
    at: int = 0
    again: tuple[int, ...] = ()
    turn: int = 0


def paged(state: State, ask: Ask, listing: Listing[Any]) -> Reply:
    office = integration(state, ask)
    cursor = _opened(ask, listing.model)
    size = ask.query.get("page_size", USUAL)
    wanted = _wanted(state, ask, office, listing)
    found = list(islice(_matching(ask, listing, cursor, wanted), size + 1))
    page, rest = found[:size], found[size:]
    if ask.paging is Paging.CHANGING and page:
        cursor = attrs.evolve(cursor, again=(*cursor.again, _changed(ask, listing, page[0][1])))
    after = _after(ask, cursor, rest, end=listing.store.size)
    results = [listing.show(record) for _, record in page]
    return told({"next": _sealed(ask, listing.model, after) if after else None, "results": results})


def _matching(
    ask: Ask, listing: Listing[Any], cursor: _Cursor, wanted: Callable[[Any], bool]
) -> Iterator[tuple[int, Any]]:
    """Pairs of a place and a record: first all that are left by number, then those that changed meanwhile."""
    numbers = range(listing.store.size) if listing.numbers is None else listing.numbers
    left: Iterator[tuple[int, int]] = ((number, number) for number in numbers if number >= cursor.at)
    if ask.paging is Paging.ENDLESS:
        left = chain(left, ((number, number) for _ in range(MOST) for number in numbers))
    end = listing.store.size
    for place, number in chain(left, ((end + at, number) for at, number in enumerate(cursor.again))):
        record = listing.store.seen(number, ask.now)
        if record is not None and wanted(record):
            yield place, record


def _after(ask: Ask, cursor: _Cursor, rest: list[tuple[int, Any]], *, end: int) -> _Cursor | None:
    turn = cursor.turn + 1
    if rest:
        place = rest[0][0]
        return _Cursor(at=min(place, end), again=cursor.again[max(0, place - end) :], turn=turn)
    if ask.paging is Paging.CHANGING and cursor.again:
        return _Cursor(at=end, again=cursor.again[-1:], turn=turn)
    return _Cursor(turn=turn) if ask.paging is Paging.ENDLESS else None


def _changed(ask: Ask, listing: Listing[Any], record: Any) -> int:
    """What was just shown changes, and comes once more before the list ends."""
    if listing.touch is not None:
        listing.store.put(record.number, listing.touch(record, ask.now), ask.now)
    return int(record.number)


def _wanted(state: State, ask: Ask, office: Integration, listing: Listing[Any]) -> Callable[[Any], bool]:
    unsupported = {name for name in ask.query if name in state.switches.unsupported_filters.split(",")}
    if unsupported and not ask.query.get("ignore_unsupported_filters"):
        return lambda _record: False
    tests = _tests(office, listing)
    held = [(tests[name], value) for name, value in ask.query.items() if name not in _COMMON | unsupported]
    deleted = ask.query.get("include_deleted", False)
    return lambda record: (deleted or record.deleted is None) and all(test(record, value) for test, value in held)


def _tests(office: Integration, listing: Listing[Any]) -> dict[str, Callable[[Any, Any], bool]]:
    return {
        "ids": lambda record, ids: office.ids.of(listing.model, record.number) in ids,
        "remote_ids": lambda record, ids: listing.remote_id(record) in ids,
        "updated_after": lambda record, after: listing.changed(record) >= after,
        **listing.tests,
    }


def by_ids(ask: Ask, office: Integration, model: str, first: int | None = None) -> list[int] | None:
    """The only numbers that a list of ids leaves to look at; `first` is the tool's own id of the first record."""
    if "ids" in ask.query:
        numbers = {office.ids.number(model, text) for text in ask.query["ids"]}
    elif "remote_ids" in ask.query and first is not None:
        numbers = {int(text) - first for text in ask.query["remote_ids"] if text.isascii() and text.isdecimal()}
    else:
        return None
    return sorted(number for number in numbers if number is not None)


def _filters(ask: Ask, model: str) -> str:
    held = sorted((name, str(value)) for name, value in ask.query.items() if name not in {"cursor", "page_size"})
    who = ask.headers.get("X-Integration-Id", "")
    return hashlib.sha256(repr((who, model, held)).encode()).hexdigest()[:12]


def _sealed(ask: Ask, model: str, cursor: _Cursor) -> str:
    content = msgspec.json.encode([_filters(ask, model), cursor.at, cursor.again, cursor.turn])
    return base64.urlsafe_b64encode(_check(content) + content).decode()


def _opened(ask: Ask, model: str) -> _Cursor:
    if "cursor" not in ask.query or ask.paging is Paging.REPEATED:
        return _Cursor()
    try:
        raw = base64.b64decode(ask.query["cursor"], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise wrong("The cursor is not valid.") from None
    if _check(raw[9:]) != raw[:9]:
        raise wrong("The cursor is not valid.")
    filters, at, again, turn = msgspec.json.decode(raw[9:])
    if filters != _filters(ask, model):
        raise wrong("The cursor was given for other filters.")
    return _Cursor(at=at, again=tuple(again), turn=turn)


def _check(content: bytes) -> bytes:
    return hashlib.sha256(_SEAL + content).digest()[:9]
