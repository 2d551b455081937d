"""The real Avionté adapter over sockets to the emulated Kombo; what is known of the world is the sandbox's own data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs

from adapters.rest.retry import RetryPolicy
from domain.custom_field import FieldKind
from domain.ids import FieldId
from domain.policy import RecordType
from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.catalogue import FIRST_FIELD, PIPELINE, WEB_APPLICATION
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from tests.avionte.rig import stage
from tests.clocks import FakeClock
from tests.kombo.rig import opened
from tests.rigs import kombo
from tests.rigs.rig import FieldCase, Rig, World

_SCREENED = 4
"""A stage that may be entered."""
_TEXT = 'Six years & <b>no</b> "fear"\nof heights: 高所'


@asynccontextmanager
async def avionte(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Small pages, so that lists have several."""
    clock = FakeClock()
    async with running(records=kombo.RECORDS, rate_limit=None, clock=clock.now, hollow=hollow) as sandbox:
        settings: dict[str, Any] = {"tag": kombo.NEW_TAG, "assumed": {"page_size": "5"}}
        async with opened(sandbox.connection, clock=clock, retry=RetryPolicy(), **settings) as gateway:
            yield Rig(name="avionte", gateway=gateway, world=_world(sandbox, clock))


def _world(sandbox: KomboSandbox, clock: FakeClock) -> World:
    return attrs.evolve(
        kombo.world(sandbox, clock, AVIONTE),
        stage=stage(WEB_APPLICATION),
        stage_to_enter=stage(_SCREENED),
        barred_stage=stage(PIPELINE),
        fields={kind: _fields(FIRST_FIELD[kind]) for kind in RecordType},
    )


def _fields(first: int) -> tuple[FieldCase, ...]:
    """Each kind of record has one field of each type, numbered alike."""
    cases = (
        (0, FieldKind.CHOICE, "Day", "Day"),
        (1, FieldKind.NUMBER, "28.5", "28.5"),
        (2, FieldKind.TEXT, _TEXT, _TEXT),
        (3, FieldKind.DATE, "2026-12-01", "2026-12-01"),
        (4, FieldKind.BOOLEAN, "true", "true"),
        (5, FieldKind.NUMBER, "-7", "-7"),
        (6, FieldKind.TEXT, "Nights", "Nights"),
        (7, FieldKind.CHOICE, "French", '["French"]'),
        (8, FieldKind.TEXT, "as it is", "as it is"),
    )
    return tuple(
        FieldCase(field=FieldId(str(first + at)), kind=kind, value=value, kept=kept) for at, kind, value, kept in cases
    )
