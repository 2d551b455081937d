"""A running sandbox as its user sees it."""

import json
from typing import Any, Generic, TypeVar

import attrs

from entrypoints.sandbox.faults import Faults
from entrypoints.sandbox.journal import Journal
from entrypoints.sandbox.world import World

S = TypeVar("S")


@attrs.frozen(kw_only=True)
class Sandbox(Generic[S]):
    """`connection` is the very body that makes a connection to this sandbox."""

    provider: str
    base_urls: dict[str, str]
    credentials: dict[str, str] = attrs.field(repr=False)
    control_url: str
    connection: dict[str, Any] = attrs.field(repr=False)
    certificates: dict[str, bytes] = attrs.field(repr=False)
    fingerprints: dict[str, str]
    canaries: tuple[str, ...] = attrs.field(repr=False)
    """Secrets, names, addresses and numbers that no log, trace or recording may show."""
    world: World[S] = attrs.field(repr=False)

    @property
    def state(self) -> S:
        return self.world.state

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def journal(self) -> Journal:
        self.world.settle()
        return self.world.journal

    @property
    def writes(self) -> list[dict[str, Any]]:
        return self.journal.writes

    def reset(self) -> None:
        self.world.reset()

    def parts(self) -> tuple[str, ...]:
        """What its user is told."""
        return ("provider", "base_urls", "credentials", "control_url", "connection")

    def ready_line(self) -> str:
        return json.dumps({part: getattr(self, part) for part in self.parts()})
