"""What passes between a host and its handlers: the request as read, the reply as meant, the effect as done."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

import attrs
import msgspec

JSON = "application/json; charset=utf-8"
HTML = "text/html"


class Conduct(Enum):
    """How the reply reaches the caller, or fails to."""

    SEND = auto()
    CLOSE = auto()
    RESET = auto()
    HANG = auto()
    STALL = auto()
    TRUNCATE = auto()


class Paging(Enum):
    """Honest lists, or one of the well-known ways in which a server lies about pages."""

    HONEST = auto()
    REPEATED = auto()
    ENDLESS = auto()
    CHANGING = auto()


@attrs.frozen(kw_only=True)
class Write:
    """One effect that became real; `content` is what its digest is taken of.

    One that is told `again` was told of before, by kind and id: it stands elsewhere now.
    """

    kind: str
    target: tuple[str, str]
    id: str
    content: bytes
    text: str | None = None
    name: str | None = None
    value: str | None = None
    again: bool = False
    records: tuple[tuple[str, str], ...] = ()

    def shown(self, seq: int) -> dict[str, Any]:
        parts = {"text": self.text, "name": self.name, "value": self.value}
        shown: dict[str, Any] = {"seq": seq, "kind": self.kind, "target": _target(self.target), "id": self.id}
        shown |= {key: part for key, part in parts.items() if part is not None}
        if self.records:
            shown["records"] = [_target(record) for record in self.records]
        return shown | {"sha256": hashlib.sha256(self.content).hexdigest()}


def _target(target: tuple[str, str]) -> dict[str, str]:
    return {"type": target[0], "id": target[1]}


@attrs.frozen(kw_only=True)
class Upload:
    """A file that came as one part of a multipart body."""

    filename: str
    media: str
    content: bytes


@attrs.frozen(kw_only=True)
class Ask:
    """A request that passed every check of its route; values have the types that the route declares."""

    method: str
    path: str
    host: str
    now: datetime
    headers: Mapping[str, str]
    params: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    paging: Paging = Paging.HONEST
    seen_after: timedelta = timedelta()
    """How much later than it is done an effect is to be seen in a copy of the records."""

    @property
    def authorization(self) -> str:
        return self.headers.get("Authorization", "")


@attrs.frozen(kw_only=True)
class Reply:
    """An answer; `body` is bytes as they are, or a value that becomes JSON; `more` are effects beside the first one.

    It is sent after `delay` seconds.
    """

    status: int = 200
    body: Any = b""
    media: str = JSON
    headers: Mapping[str, str] = attrs.field(factory=dict)
    wrote: Write | None = None
    more: tuple[Write, ...] = ()
    conduct: Conduct = Conduct.SEND
    delay: float = 0

    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


class Refusal(Exception):  # noqa: N818 - an answer rather than an error of ours
    """Carries the refusing reply out of wherever the request was found wanting."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def html(status: int, title: str) -> Reply:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>"
    return Reply(status=status, body=page.encode(), media=HTML)
