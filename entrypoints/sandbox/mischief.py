"""Plays the faults: turns an armed fault into the reply, or the change of a reply, that it stands for."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime

import attrs

from entrypoints.sandbox.faults import Armed
from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.wire import Ask, Conduct, Paging, Reply, html

_LOST = Reply(conduct=Conduct.CLOSE)


@attrs.frozen(kw_only=True)
class Scene:
    """Where and when a fault strikes before anything is done."""

    manners: Manners
    armed: Armed
    now: datetime
    path: str
    elsewhere: str

    @property
    def after(self) -> float:
        return 1.0 if self.armed.after_s is None else self.armed.after_s


def _throttled(scene: Scene, retry_after: str) -> Reply:
    return attrs.evolve(scene.manners.too_many("300 per Minute"), headers={"Retry-After": retry_after})


def _later(scene: Scene) -> str:
    return format_datetime(scene.now + timedelta(seconds=math.ceil(scene.after)), usegmt=True)


def _unavailable(scene: Scene) -> Reply:
    headers = {} if scene.armed.after_s is None else {"Retry-After": str(math.ceil(scene.after))}
    return attrs.evolve(html(503, "Service Unavailable"), headers=headers)


def _redirect(scene: Scene) -> Reply:
    return Reply(status=302, headers={"Location": f"{scene.elsewhere}{scene.path}"})


BEFORE: dict[str, Callable[[Scene], Reply]] = {
    "not_done_reply_lost": lambda _scene: _LOST,
    "reset": lambda _scene: Reply(conduct=Conduct.RESET),
    "hang": lambda _scene: Reply(conduct=Conduct.HANG),
    "429": lambda scene: _throttled(scene, str(math.ceil(scene.after))),
    "429_bare": lambda scene: scene.manners.too_many("300 per Minute"),
    "429_date": lambda scene: _throttled(scene, _later(scene)),
    "500": lambda scene: scene.manners.broken(),
    "502_html": lambda _scene: html(502, "Bad Gateway"),
    "503_html": _unavailable,
    "520": lambda _scene: Reply(status=520, body=b"Web server is returning an unknown error", media="text/plain"),
    "521": lambda _scene: Reply(status=521, body=b"Web server is down", media="text/plain"),
    "html_200": lambda _scene: html(200, "Sign in"),
    "401": lambda scene: scene.manners.denied(),
    "403": lambda scene: scene.manners.forbidden(scene.path),
    "redirect": _redirect,
}


@attrs.frozen(kw_only=True)
class Tricks:
    """Faults that only one provider knows, by name: instead of an answer, in the asking, and in the answer."""

    before: Mapping[str, Callable[[Scene], Reply]] = attrs.field(factory=dict)
    asked: Mapping[str, Callable[[Ask, Armed], Ask]] = attrs.field(factory=dict)
    after: Mapping[str, Callable[[Reply], Reply]] = attrs.field(factory=dict)


ASKED: dict[str, Callable[[Ask, Armed], Ask]] = {
    "repeated_page": lambda ask, _armed: attrs.evolve(ask, paging=Paging.REPEATED),
    "endless_page": lambda ask, _armed: attrs.evolve(ask, paging=Paging.ENDLESS),
}


def afterwards(name: str, reply: Reply, manners: Manners) -> Reply:
    """The reply to a request that was carried out, as the fault lets it reach the caller."""
    match name:
        case "done_reply_lost":
            return _LOST
        case "reset_after":
            return Reply(conduct=Conduct.RESET)
        case "done_then_500":
            return manners.broken()
        case "done_then_503":
            return html(503, "Service Unavailable")
        case "slow_body":
            return attrs.evolve(reply, conduct=Conduct.STALL)
        case "truncated_json":
            return attrs.evolve(reply, conduct=Conduct.TRUNCATE)
        case _:
            return _rewritten(name, reply, manners)


def _rewritten(name: str, reply: Reply, manners: Manners) -> Reply:
    if isinstance(reply.body, bytes):
        return reply
    rewrite = {
        "null_fields": manners.with_nulls,
        "unknown_enum": manners.with_unknown_enums,
        "partial_row": manners.with_spoiled_row,
    }[name]
    return attrs.evolve(reply, body=rewrite(reply.body))
