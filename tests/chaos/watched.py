"""The sandbox, watched: what its faults do to whom, and each effect at the moment at which it becomes real."""

from collections.abc import Callable
from typing import Any

import attrs

from entrypoints.sandbox.faults import Armed, Faults
from entrypoints.sandbox.sandbox import Sandbox
from tests.chaos.ats import Ats
from tests.chaos.points import FORBIDDEN


@attrs.define
class WatchedFaults(Faults):
    """Tells of each fault that strikes."""

    struck: Callable[[Armed], None] = attrs.field(default=lambda _armed: None)

    def spend(self, armed: Armed) -> Armed:
        spent = Faults.spend(self, armed)
        self.struck(spent)
        return spent


class WatchedWrites(list[dict[str, Any]]):
    """Tells of each effect as it becomes real, before anybody is answered."""

    def __init__(self, wrote: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._wrote = wrote

    def append(self, write: dict[str, Any]) -> None:
        super().append(write)
        self._wrote(write)


def watch(sandbox: Sandbox[Any], *, struck: Callable[[Armed], None], wrote: Callable[[dict[str, Any]], None]) -> None:
    """Back to the beginning, and watched from there on."""
    sandbox.reset()
    sandbox.world.faults = WatchedFaults(struck=struck)
    sandbox.world.journal.writes = WatchedWrites(wrote)


def kind_of(write: dict[str, Any], screened: str | None) -> str:
    """In our words: the sandbox knows no status, only stages."""
    return "status" if write["kind"] == "stage" and write.get("value") == screened else str(write["kind"])


def hide(ats: Ats, sandbox: Sandbox[Any], how: str, kind: str, record: str) -> None:
    """From now on nobody can tell whether the effect stands."""
    if how == FORBIDDEN:
        sandbox.faults.arm("403", times=10_000, route=ats.routes[kind][1])
    else:
        ats.forget(sandbox, record)
