"""Opening connections: once a revision, with sessions of the right trust, and closed at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import attrs
import pytest

from adapters.gateways import Gateways
from adapters.providers import PROVIDERS
from adapters.rest.retry import RetryPolicy
from adapters.turns.in_process import InProcessTurns
from domain.ids import CandidateId, ConnectionId, JobId
from domain.note import Note, paragraph
from domain.policy import Policy
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.connections import Connection, ConnectionStore
from ports.errors import AccessError, NotFoundError, UnavailableError
from ports.gateway import Provider, need
from ports.scope import EVERYTHING, Scope
from ports.vault import SealError
from tests.clocks import FakeClock
from tests.erecruit.rig import NOON, Try

ONE, TWO = ConnectionId("con_1"), ConnectionId("con_2")


class Rows(ConnectionStore):
    """Connections in a dict; `sealed` ones cannot be opened."""

    def __init__(self, sandbox: ErecruitSandbox) -> None:
        settings = {**sandbox.connection["settings"], "rate_limit": 10_000}
        self.secrets = {name: dict(sandbox.credentials) for name in (ONE, TWO)}
        self.rows = {
            name: Connection(
                id=name,
                provider=Provider.ERECRUIT,
                name=name,
                settings=settings,
                policy=Policy(),
                revision=1,
                created_at=NOON,
            )
            for name in (ONE, TWO)
        }
        self.opened = 0
        self.meanwhile: Callable[[], None] | None = None

    async def get(self, scope: Scope, connection: ConnectionId) -> Connection:
        if connection not in self.rows or not scope.covers(connection):
            raise NotFoundError("connection", connection)
        return self.rows[connection]

    async def credentials(self, connection: ConnectionId) -> Mapping[str, str]:
        self.opened += 1
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        if connection not in self.secrets:
            raise SealError
        return self.secrets[connection]

    def settings(self, connection: ConnectionId, **changes: object) -> None:
        row = self.rows[connection]
        self.rows[connection] = attrs.evolve(row, settings={**row.settings, **changes}, revision=row.revision + 1)

    async def add(self, connection: Connection, credentials: Mapping[str, str]) -> None: ...
    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[Connection, ...]:
        return ()

    async def change(self, scope: Scope, connection: Connection, credentials: Mapping[str, str] | None) -> None: ...
    async def remove(self, scope: Scope, connection: ConnectionId) -> None: ...
    async def unpark(self, connection: ConnectionId, revision: int) -> None: ...


@pytest.fixture
def rows(sandbox: ErecruitSandbox) -> Rows:
    return Rows(sandbox)


@asynccontextmanager
async def opening(rows: Rows, *exempt: str) -> AsyncIterator[Gateways]:
    clock = FakeClock(NOON)
    async with Gateways(
        store=rows, turns=InProcessTurns(clock), clock=clock, retry=RetryPolicy.instant(attempts=1), exempt=exempt
    ) as gateways:
        yield gateways


async def test_a_connection_is_opened_once_a_revision(rows: Rows) -> None:
    async with opening(rows) as gateways:
        row, first = await gateways.open(EVERYTHING, ONE)
        _, again = await gateways.open(EVERYTHING, ONE)
        rows.settings(ONE, tag_id="7")
        changed, third = await gateways.open(EVERYTHING, ONE)

    assert first is again
    assert third is not first
    assert (row.revision, changed.revision) == (1, 2)
    assert getattr(third.tagging, "screened_tag", None) == "7"
    assert rows.opened == 2


async def test_credentials_of_one_revision_never_meet_the_settings_of_another(rows: Rows) -> None:
    rows.meanwhile = lambda: rows.settings(ONE, tag_id="7")
    async with opening(rows) as gateways:
        row, gateway = await gateways.open(EVERYTHING, ONE)

    assert row.revision == 2
    assert getattr(gateway.tagging, "screened_tag", None) == "7"
    assert rows.opened == 2


async def test_opening_sends_nothing_and_the_gateway_works(sandbox: ErecruitSandbox, rows: Rows) -> None:
    async with opening(rows) as gateways:
        _, gateway = await gateways.open(EVERYTHING, ONE)
        assert sandbox.journal.requests == 0

        assert [one.fault for one in await gateway.check.hosts()] == [None, None]


async def test_changed_credentials_are_used_at_once(sandbox: ErecruitSandbox, rows: Rows) -> None:
    async with opening(rows) as gateways:
        _, gateway = await gateways.open(EVERYTHING, ONE)
        await need(gateway.job_lookup).job(JobId("90210"))
        rows.secrets[ONE]["client_secret"] = "wrong"
        rows.settings(ONE)
        _, gateway = await gateways.open(EVERYTHING, ONE)

        with pytest.raises(AccessError):
            await need(gateway.job_lookup).job(JobId("90210"))


async def test_a_patient_gateway_is_another_one_with_the_same_log_in(sandbox: ErecruitSandbox, rows: Rows) -> None:
    async with opening(rows) as gateways:
        _, hurried = await gateways.open(EVERYTHING, ONE)
        _, patient = await gateways.open(EVERYTHING, ONE, patient=True)
        assert patient is not hurried
        assert (await gateways.open(EVERYTHING, ONE))[1] is hurried
        assert (await gateways.open(EVERYTHING, ONE, patient=True))[1] is patient
        for gateway in (hurried, patient):
            await need(gateway.job_lookup).job(JobId("90210"))

    assert sandbox.journal.logins == {"standard": 1}


async def test_a_write_goes_before_what_is_read_patiently(sandbox: ErecruitSandbox, rows: Rows) -> None:
    note = Note(blocks=(paragraph("Passed"),))
    rows.settings(ONE, rate_limit=25)
    async with opening(rows) as gateways:
        _, patient = await gateways.open(EVERYTHING, ONE, patient=True)
        _, hurried = await gateways.open(EVERYTHING, ONE)
        read, write = need(patient.job_lookup), need(hurried.candidate_notes)
        await read.job(JobId("90210"))
        before = sandbox.journal.requests
        reading = [asyncio.create_task(read.job(JobId("90210"))) for _ in range(10)]
        await asyncio.create_task(write.add(CandidateId("5145605"), note, Try()))
        asked = sandbox.journal.requests - before
        await asyncio.gather(*reading)

    assert len(sandbox.writes) == 1
    # The read that had its turn, the one at the head of the line, and the write.
    assert asked <= 3
    assert sandbox.journal.requests - before > 10


async def test_only_what_the_scope_covers_is_opened(rows: Rows) -> None:
    async with opening(rows) as gateways:
        with pytest.raises(NotFoundError):
            await gateways.open(Scope(TWO), ONE)


async def test_a_pin_holds_for_its_connection_alone(sandbox: ErecruitSandbox, rows: Rows) -> None:
    rows.settings(TWO, legacy_pin="ab" * 32)
    async with opening(rows) as gateways:
        _, free = await gateways.open(EVERYTHING, ONE)
        _, pinned = await gateways.open(EVERYTHING, TWO)

        await need(free.stages).stages()
        with pytest.raises(UnavailableError):
            await need(pinned.stages).stages()
        rows.settings(TWO, legacy_pin=sandbox.fingerprints["legacy"])
        _, pinned = await gateways.open(EVERYTHING, TWO)
        await need(pinned.stages).stages()


async def test_the_standard_host_is_always_verified(sandbox: ErecruitSandbox, rows: Rows) -> None:
    # The same broken certificate, where it may not be.
    rows.settings(ONE, base_url=sandbox.connection["settings"]["legacy_url"])
    async with opening(rows) as gateways:
        _, gateway = await gateways.open(EVERYTHING, ONE)

        with pytest.raises(UnavailableError):
            await need(gateway.job_lookup).job(JobId("90210"))

    assert sandbox.journal.logins == {"standard": 1}


async def test_a_host_that_is_no_longer_exempt_is_not_spoken_to(rows: Rows) -> None:
    rows.settings(ONE, legacy_url="https://ats.customer.example/api")
    async with opening(rows) as gateways:
        with pytest.raises(AccessError, match="TLS_EXEMPT_HOSTS"):
            await gateways.open(EVERYTHING, ONE)
    async with opening(rows, "ats.customer.example") as gateways:
        await gateways.open(EVERYTHING, ONE)


async def test_credentials_that_cannot_be_opened_are_an_access_error(rows: Rows) -> None:
    del rows.secrets[ONE]
    async with opening(rows) as gateways:
        with pytest.raises(AccessError, match="send them again"):
            await gateways.open(EVERYTHING, ONE)


def test_every_provider_is_spoken() -> None:
    assert set(PROVIDERS) == set(Provider)
