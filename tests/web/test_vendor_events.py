"""What vendors tell of their own accord: known by their signature, kept once, and nothing told to anybody else."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.persistence.tables import connections
from adapters.vault import FernetVault, new_key
from domain.ids import ConnectionId
from domain.policy import RecordType
from entrypoints.web.problems import ProblemError
from entrypoints.web.routes.vendor_events import LARGEST_EVENT
from entrypoints.web.turnstile import BURST, INTERVAL, Turnstile
from ports.scope import EVERYTHING
from tests.clocks import FakeClock
from tests.kombo.signing import CREDENTIALS, SECRET, an_event, signed
from tests.persistence.postgres import empty_database
from tests.persistence.pulled import asked
from tests.web.rig import Answer, Api, an_api

KOMBO = {
    "provider": "kombo",
    "name": "Acme behind Kombo",
    "settings": {"base_url": "https://api.kombo.invalid/v1"},
    "credentials": CREDENTIALS,
}
SECRETLESS = KOMBO | {"credentials": {name: CREDENTIALS[name] for name in ("api_key", "integration_id")}}
NOBODY = {"Authorization": ""}
STRANGER = {"detail": "the sender is not known here", "status": 401, "title": "Unauthorized"}


@pytest.fixture(params=["sqlite", "postgresql"])
async def api(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> AsyncIterator[Api]:
    if request.param == "postgresql":
        database: Path | str = await empty_database(request.config)
    else:
        database = Path(shutil.copy(migrated, tmp_path / "web.db"))
    async with an_api(database) as opened:
        yield opened


@pytest.fixture
async def connection(api: Api) -> str:
    return await api.add_connection(**KOMBO)


async def tell(api: Api, connection: str, body: bytes, **headers: str) -> Answer:
    """As Kombo does, unless the headers say otherwise."""
    sent = {**NOBODY, "Content-Type": "application/json", **signed(body), **headers}
    return await api("POST", f"/v1/connections/{connection}/vendor-events", data=body, headers=sent)


async def heard(api: Api, connection: str) -> list[dict[str, Any]]:
    answer = await api("GET", f"/v1/connections/{connection}/vendor-events")
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def is_stranger(answer: Answer) -> bool:
    assert answer.headers["WWW-Authenticate"].startswith("Signature")
    return answer.body == {**STRANGER, "type": "urn:atsbridge:problem:unauthorized"} and answer.status == 401


async def test_an_event_is_kept_and_asks_for_a_pull(api: Api, connection: str) -> None:
    answer = await tell(api, connection, an_event())
    assert (answer.status, answer.body) == (200, {"status": "received"})
    [kept] = await heard(api, connection)
    assert {name: kept[name] for name in ("event", "type", "changed")} == {
        "event": "event1",
        "type": "data-changed",
        "changed": ["ats_jobs", "ats_applications"],
    }
    assert await asked(api.stores) == {(connection, RecordType.JOB), (connection, RecordType.APPLICATION)}


async def test_twice_and_out_of_order_is_once(api: Api, connection: str) -> None:
    for n in (2, 1, 2, 3, 1):
        assert (await tell(api, connection, an_event(n=n))).status == 200
    assert [one["event"] for one in await heard(api, connection)] == ["event3", "event1", "event2"]


async def test_an_event_that_is_replayed_asks_for_nothing(api: Api, connection: str) -> None:
    await tell(api, connection, an_event())
    pulls = api.stores.pulls
    await pulls.schedule(ConnectionId(connection), dict.fromkeys(RecordType))
    for claim in await pulls.claim(10):
        await pulls.finish(claim, next_in=None, full_in=None)
    assert (await tell(api, connection, an_event())).status == 200
    assert await asked(api.stores) == set()


async def test_what_kombo_says_of_its_own_standing_is_shown(api: Api, connection: str) -> None:
    await tell(api, connection, an_event("integration-state-changed", state="INVALID"))
    [kept] = await heard(api, connection)
    assert (kept["fault"], kept["changed"]) == ("the integration is INVALID", [])
    assert await asked(api.stores) == set()


async def test_what_concerns_another_integration_is_acknowledged_and_left_alone(api: Api, connection: str) -> None:
    body = an_event(integration_id="avionte:another", changed_models=[{"name": "ats_jobs"}])
    assert (await tell(api, connection, body)).status == 200
    assert await heard(api, connection) == []


async def test_strangers_learn_nothing(api: Api, connection: str) -> None:
    """Nor whether there is such a connection, nor of what kind it is."""
    others = {
        "erecruit": await api.add_connection(),
        "no secret": await api.add_connection(**SECRETLESS),
        "removed": await api.add_connection(**KOMBO),
        "unknown": "con_unknown",
    }
    await api.stores.connections.remove(EVERYTHING, others["removed"])  # type: ignore[arg-type]
    body = an_event()
    answers = [await tell(api, other, body) for other in others.values()]
    wrong: list[dict[str, str]] = [
        {"X-Kombo-Signature": ""},
        {"X-Kombo-Signature": signed(body)["X-Kombo-Signature"][:-1]},
        {"X-Kombo-Signature": "é"},
        signed(body, "another secret"),
        signed(an_event(n=2)),
        {"X-Kombo-Signature": "", "Authorization": "Bearer atsb_admin_wrong"},
    ]
    answers += [await tell(api, connection, body, **headers) for headers in wrong]
    assert all(map(is_stranger, answers))
    told = [{name for name in answer.headers if name not in {"Date", "X-Request-Id"}} for answer in answers]
    assert all(one == told[0] for one in told)
    assert await heard(api, connection) == []
    assert await asked(api.stores) == set()


async def test_who_has_a_key_for_the_connection_is_told_what_is_wrong(api: Api, connection: str) -> None:
    bare = await api.add_connection(**SECRETLESS)
    other = await api.add_connection()
    key = {"Authorization": f"Bearer {api.key}"}
    answers = [await tell(api, one, an_event(), **key) for one in (bare, other, "con_unknown")]
    assert [answer.status for answer in answers] == [409, 501, 404]
    assert "webhook_secret" in answers[0].body["detail"]
    assert is_stranger(await tell(api, connection, an_event(), **{**key, "X-Kombo-Signature": "wrong"}))

    for weak in (await api.add_key("read", "write"), await api.add_key("connections", connection=connection)):
        assert is_stranger(await tell(api, bare, an_event(), Authorization=f"Bearer {weak.key}"))


async def test_a_key_is_no_signature(api: Api, connection: str) -> None:
    body = an_event()
    answer = await tell(api, connection, body, **{"Authorization": f"Bearer {api.key}", "X-Kombo-Signature": ""})
    assert is_stranger(answer)
    assert await heard(api, connection) == []


async def test_an_authentic_event_that_is_none_is_refused_by_name(api: Api, connection: str) -> None:
    answer = await tell(api, connection, b'{"type": "data-changed"}')
    assert answer.status == 422
    assert "cannot be read at $" in answer.body["detail"]
    assert await heard(api, connection) == []


async def test_what_is_too_large_is_refused_before_it_is_read(api: Api, connection: str) -> None:
    large = an_event().ljust(LARGEST_EVENT)
    assert (await tell(api, connection, large)).status == 200
    for other in (connection, "con_unknown"):
        assert (await tell(api, other, large + b" ")).status == 413


@pytest.mark.parametrize(
    ("length", "body"),
    [
        (f"Content-Length: {LARGEST_EVENT + 1}", b""),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (LARGEST_EVENT + 1, b" " * (LARGEST_EVENT + 1))),
    ],
)
async def test_nobody_waits_for_the_rest_of_what_is_too_large(
    api: Api, connection: str, length: str, body: bytes
) -> None:
    reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
    path = f"/v1/connections/{connection}/vendor-events"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    writer.write(head.encode() + body)
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_so_many_come_in_at_once_and_no_more_whether_there_is_such_a_connection_or_not(
    api: Api, connection: str
) -> None:
    for other in (connection, "con_unknown"):
        for _ in range(BURST):
            assert (await tell(api, other, b"{}", **{"X-Kombo-Signature": ""})).status == 401
        answer = await tell(api, other, an_event().ljust(LARGEST_EVENT + 1))
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    another = await api.add_connection(**KOMBO)
    assert (await tell(api, another, an_event())).status == 200
    api.clock.advance(2 * INTERVAL)
    assert [(await tell(api, connection, an_event())).status for _ in range(3)] == [200, 200, 429]
    assert len(await heard(api, connection)) == 1


async def test_a_burst_is_no_larger_after_a_long_silence_and_names_that_were_made_up_are_not_kept_for_ever() -> None:
    clock = FakeClock()
    turnstile = Turnstile(clock)
    turnstile.enter("con_1")
    clock.advance(3600)
    for _ in range(BURST):
        turnstile.enter("con_1")
    with pytest.raises(ProblemError):
        turnstile.enter("con_1")
    for n in range(12_000):
        turnstile.enter(f"made up {n}")
    assert len(turnstile._due) == 10_000
    turnstile.enter("con_1")


async def test_a_secret_that_cannot_be_opened_here_is_told_to_who_has_a_key(api: Api, connection: str) -> None:
    def moved(c: sa.Connection, items: Sequence[bytes]) -> list[None]:
        c.execute(sa.update(connections).values(credentials=items[0]))
        return [None]

    await api.stores.database.write(moved, FernetVault([new_key()]).seal(ConnectionId(connection), 1, CREDENTIALS))
    assert is_stranger(await tell(api, connection, an_event()))
    answer = await tell(api, connection, an_event(), Authorization=f"Bearer {api.key}")
    assert (answer.status, "send them again" in answer.body["detail"]) == (424, True)


async def test_a_secret_that_was_replaced_is_the_only_one(api: Api, connection: str) -> None:
    credentials = {**CREDENTIALS, "webhook_secret": "canary-webhook-secret-renewed-8"}
    assert (await api("PATCH", f"/v1/connections/{connection}", {"credentials": credentials})).status == 200
    assert is_stranger(await tell(api, connection, an_event()))
    body = an_event()
    assert (await tell(api, connection, body, **signed(body, credentials["webhook_secret"]))).status == 200


async def test_neither_secret_nor_body_is_shown_or_kept(api: Api, connection: str) -> None:
    person: dict[str, Any] = {
        "end_user": {"organization_name": "Canary Staffing", "creator_email": "who@canary.invalid"}
    }
    await tell(api, connection, an_event("sync-finished", sync_state="FAILED", **person))
    shown = str(await heard(api, connection))
    assert "FAILED" in shown
    assert not [word for word in (SECRET, "canary", "Canary") if word in shown]


async def test_pages_go_on_where_the_one_before_ended(api: Api, connection: str) -> None:
    for n in range(5):
        await tell(api, connection, an_event(n=n))
    path = f"/v1/connections/{connection}/vendor-events"
    found, cursor = [], ""
    while True:
        page = await api("GET", f"{path}?limit=2{cursor}")
        found += [one["event"] for one in page.body["items"]]
        if page.body["next"] is None:
            break
        cursor = f"&cursor={page.body['next']}"
    assert found == [f"event{n}" for n in (4, 3, 2, 1, 0)]
