"""Kombo's passthrough: whatever Avionté answers comes back inside a success."""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from entrypoints.sandbox.fields import ANYTHING, FLAG, OBJECT, TEXT, Field, Kind, one_of
from entrypoints.sandbox.kombo.auth import integration
from entrypoints.sandbox.kombo.inner import ABSENT, Call, Inner, InnerRefusal, Said
from entrypoints.sandbox.kombo.manners import wrong
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.wire import Ask, Reply

BASE = "https://api.avionte.com/front-office/v1"
TEMPLATE = "/v1/passthrough/avionte/front-office-v1"


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError(value)
    return value


TEXT_MAP = Kind("an object of texts", _texts, str)
FIELDS = (
    Field("method", one_of("GET", "POST", "DELETE", "PUT", "PATCH"), required=True),
    Field("path", TEXT, required=True),
    Field("headers", TEXT_MAP),
    Field("params", TEXT_MAP),
    Field("api_options", TEXT_MAP),
    Field("data", ANYTHING),
    Field("response_as_base64", FLAG),
    Field("multipart_form_data", Kind("an object", OBJECT.from_json, str)),
)


def passthrough(rows: Sequence[Inner]) -> Route[State]:
    """The row of Kombo's table; faults and counts know each of the inner rows by a name of its own."""
    known = dict(zip((row.label for row in rows), carried(rows), strict=True))

    def within(raw: bytes) -> Route[State] | None:
        found = _row(rows, *_place(raw))
        return known[found[0].label] if found else None

    return attrs.evolve(_outer(rows), within=within)


def carried(rows: Sequence[Inner]) -> list[Route[State]]:
    """What the passthrough's row becomes for each of the inner ones."""
    outer = _outer(rows)
    return [
        attrs.evolve(outer, tail=f" {row.label}", source=row.source, effect=row.effect, rows=row.rows) for row in rows
    ]


def _outer(rows: Sequence[Inner]) -> Route[State]:
    def handler(state: State, ask: Ask) -> Reply:
        return _passed(rows, state, ask)

    return Route[State](
        method="POST",
        template=TEMPLATE,
        handler=handler,
        source="sourced SDK",
        media=(Media.JSON,),
        body=FIELDS,
        action=True,
        exact=True,
    )


def _place(raw: bytes) -> tuple[str, str]:
    try:
        given = msgspec.json.decode(raw)
        return str(given["method"]), _split(str(given["path"]))[0]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return "", ""


def _split(path: str) -> tuple[str, str]:
    bare, _, query = path.partition("?")
    return "/" + bare.strip("/"), query


def _row(rows: Sequence[Inner], method: str, path: str) -> tuple[Inner, dict[str, str]] | None:
    found = [(row, params) for row in rows if (params := row.params(method, path)) is not None]
    return min(found, key=lambda pair: len(pair[1]), default=None)


def _passed(rows: Sequence[Inner], state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    if not office.avionte:
        raise wrong("The passthrough to avionte is not available for this integration.")
    if "multipart_form_data" in ask.body:
        raise wrong("multipart_form_data: none of the calls known here takes it.")
    path, query = _split(ask.body["path"])
    try:
        return _wrapped(path, _call(rows, state, ask, path, query))
    except InnerRefusal as refusal:
        return _wrapped(path, Said(status=refusal.status, data=_error(state, refusal)))


def _call(rows: Sequence[Inner], state: State, ask: Ask, path: str, query: str) -> Said:
    found = _row(rows, ask.body["method"], path)
    if found is None or (found[0].page and not state.switches.page_dialect):
        raise InnerRefusal(404, f"No resource at {path}.")
    row, params = found
    call = Call(
        state=state,
        office=integration(state, ask),
        ask=ask,
        params=params,
        query=row.read_query(query, ask.body.get("params", {})),
        data=ask.body.get("data"),
    )
    return row.handler(call)


def _error(state: State, refusal: InnerRefusal) -> Any:
    """No page says what an error of Avionté's looks like: it may be anything."""
    page = f"<html><head><title>{refusal.status}</title></head><body>{refusal.message}</body></html>"
    bodies = {"string": refusal.message, "html": page, "absent": ABSENT}
    return bodies.get(state.switches.inner_errors, {"message": refusal.message})


def _wrapped(path: str, said: Said) -> Reply:
    media = "text/html" if isinstance(said.data, str) else "application/json; charset=utf-8"
    inside = {"url": f"{BASE}{path}", "status": said.status, "headers": {"content-type": media}}
    if said.data is not ABSENT:
        inside["data"] = said.data
    wrote, more = (said.wrote[0], said.wrote[1:]) if said.wrote else (None, ())
    return Reply(body={"status": "success", "data": inside, "warnings": []}, wrote=wrote, more=more)


def inner_failure(status: int) -> Reply:
    """A failure of Avionté's that has nothing to do with what was asked."""
    return _wrapped("/", Said(status=status, data={"message": "An error has occurred."}))
