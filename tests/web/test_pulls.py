"""Pulls over HTTP: asked for, watched, one at a time, and records that could not be decoded."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from domain.ids import ConnectionId, PullId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from entrypoints.cli.pull import looking
from entrypoints.web.pull_schemas import eta_of
from ports.errors import AccessError
from ports.pulls import Pull, PulledPage, PutAside, SeenRecord
from ports.scope import EVERYTHING
from tests import builders as b
from tests.clocks import BEGINNING
from tests.web.rig import Api

KINDS = ("job", "application", "candidate")


@pytest.fixture
def pulls(connection: str) -> str:
    return f"/v1/connections/{connection}/pulls"


async def asked(api: Api, pulls: str, **body: Any) -> list[dict[str, Any]]:
    answer = await api("POST", pulls, body)
    assert answer.status == 202, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


async def test_a_pull_of_all_that_the_provider_gives(api: Api, connection: str, pulls: str) -> None:
    begun = await asked(api, pulls)
    assert [(one["kind"], one["state"], one["mode"], one["asked"]) for one in begun] == [
        (kind, "waiting", "full", True) for kind in KINDS
    ]
    await api.pull()

    shown = (await api("GET", f"{pulls}/{begun[0]['id']}")).body
    assert (shown["state"], shown["kind"], shown["connection"]) == ("done", "job", connection)
    assert shown["counts"] == {
        "read": 3,
        "new": 3,
        "changed": 0,
        "unchanged": 0,
        "deleted": 0,
        "put_aside": 0,
        "late": 0,
        "missed": 0,
    }
    assert shown["overlap_seconds"] == 7200
    assert {"began_at", "ended_at", "created_at"} <= set(shown)
    assert not {"eta_seconds", "reason", "since", "expected"} & set(shown)


async def test_pulls_are_listed_newest_first_in_pages(api: Api, pulls: str) -> None:
    begun = [one["id"] for one in await asked(api, pulls)]
    first = await api("GET", f"{pulls}?limit=2")
    second = await api("GET", f"{pulls}?limit=2&cursor={first.body['next']}")
    assert [one["id"] for one in first.body["items"] + second.body["items"]] == sorted(begun, reverse=True)
    assert second.body["next"] is None


async def test_the_one_under_way_is_the_answer(api: Api, pulls: str) -> None:
    (first,) = await asked(api, pulls, kinds=["candidate"])
    (again,) = await asked(api, pulls, kinds=["candidate", "candidate"], mode="changes")
    assert again["id"] == first["id"]
    (claim,) = await api.stores.pulls.claim(10)
    (running,) = await asked(api, pulls, kinds=["candidate"], mode="full")
    assert (running["id"], running["state"]) == (claim.pull, "running")


async def test_a_pull_under_way_says_how_far_it_is(api: Api, pulls: str) -> None:
    await asked(api, pulls, kinds=["candidate"])
    (claim,) = await api.stores.pulls.claim(1)
    page = PulledPage(read=50, seen=(SeenRecord(id="1", digest=b"1" * 32, record=b.a_candidate()),))
    await api.stores.pulls.keep(claim, page)
    shown = (await api("GET", f"{pulls}/{claim.pull}")).body
    assert (shown["state"], shown["counts"]["read"], shown["counts"]["new"]) == ("running", 50, 1)


async def test_a_kind_that_the_provider_does_not_give_is_refused_with_the_reason(api: Api) -> None:
    nobody = await api.add_connection(provider="public_api", settings={}, credentials={})
    path = f"/v1/connections/{nobody}/pulls"
    named = await api("POST", path, {"kinds": ["job", "candidate"]})
    unnamed = await api("POST", path, {})

    assert (named.status, named.body["type"]) == (501, "urn:atsbridge:problem:unsupported")
    assert set(named.faults) == {"/kinds/0", "/kinds/1"}
    assert all(named.faults.values())
    assert (unnamed.status, unnamed.body["type"]) == (501, "urn:atsbridge:problem:unsupported")
    assert unnamed.body["detail"] in named.faults.values()
    assert (await api("GET", path)).body["items"] == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"kinds": ["people"]}, {"/kinds/0"}),
        ({"kinds": []}, {"/kinds"}),
        ({"kinds": "job"}, {"/kinds"}),
        ({"mode": "some", "since": "yesterday"}, {"/mode", "/since"}),
    ],
)
async def test_a_bad_body_names_every_fault(api: Api, pulls: str, body: Any, pointers: set[str]) -> None:
    answer = await api("POST", pulls, body)
    assert (answer.status, set(answer.faults)) == (422, pointers)
    assert (await api("GET", pulls)).body["items"] == []


async def test_nobody_sees_pulls_of_another_connection(api: Api, pulls: str) -> None:
    other = await api.add_connection(name="Other")
    (theirs,) = await asked(api, f"/v1/connections/{other}/pulls", kinds=["job"])
    assert (await api("GET", f"{pulls}/{theirs['id']}")).status == 404
    assert (await api("GET", pulls)).body["items"] == []


async def test_a_failed_pull_says_why(api: Api, pulls: str) -> None:
    (begun,) = await asked(api, pulls, kinds=["job"])
    (claim,) = await api.stores.pulls.claim(1)
    await api.stores.pulls.finish(claim, next_in=None, full_in=None, why="the ATS makes no sense")
    shown = (await api("GET", f"{pulls}/{begun['id']}")).body
    assert (shown["state"], shown["reason"]) == ("failed", "the ATS makes no sense")


async def put_aside(api: Api, connection: str, kind: RecordType, *ids: str) -> None:
    await api.stores.pulls.ask(EVERYTHING, ConnectionId(connection), [kind], PullMode.CHANGES)
    (claim,) = await api.stores.pulls.claim(1)
    aside = tuple(PutAside(id=one, path="$.name", why="expected a text") for one in ids)
    await api.stores.pulls.keep(claim, PulledPage(read=len(ids), put_aside=aside))
    await api.stores.pulls.finish(claim, next_in=None, full_in=None)


async def test_what_was_put_aside_is_listed(api: Api, connection: str) -> None:
    await put_aside(api, connection, RecordType.JOB, "a/1", "b", "c")
    path = f"/v1/connections/{connection}/put-aside"
    first = await api("GET", f"{path}?limit=2")
    second = await api("GET", path, params={"limit": "2", "cursor": first.body["next"]})

    assert [one["id"] for one in first.body["items"] + second.body["items"]] == ["job:a/1", "job:b", "job:c"]
    shown = first.body["items"][0]
    del shown["since"]
    assert shown == {"id": "job:a/1", "kind": "job", "record": "a/1", "path": "$.name", "why": "expected a text"}


async def test_what_was_put_aside_is_read_again_by_a_full_pull(api: Api, connection: str) -> None:
    await put_aside(api, connection, RecordType.JOB, "a/1")
    path = f"/v1/connections/{connection}/put-aside"
    retried = await api("POST", f"{path}/job:a%2F1/retry")
    again = await api("POST", f"{path}/job%3Aa%2F1/retry")

    assert (retried.status, retried.body["mode"], retried.body["kind"]) == (202, "full", "job")
    assert again.body["id"] == retried.body["id"]


@pytest.mark.parametrize("aside", ["job:b", "candidate:a", "a", "job:", ":a", "people:a"])
async def test_only_what_was_put_aside_is_read_again(api: Api, connection: str, pulls: str, aside: str) -> None:
    await put_aside(api, connection, RecordType.JOB, "a")
    answer = await api("POST", f"/v1/connections/{connection}/put-aside/{aside}/retry")
    assert answer.status == 404
    assert len((await api("GET", pulls)).body["items"]) == 1


@pytest.mark.parametrize("mode", list(PullMode))
async def test_a_pull_that_may_have_passed_it_by_is_no_answer(api: Api, connection: str, mode: PullMode) -> None:
    await put_aside(api, connection, RecordType.JOB, "a")
    await api.stores.pulls.ask(EVERYTHING, ConnectionId(connection), [RecordType.JOB], mode)
    await api.stores.pulls.claim(1)
    answer = await api("POST", f"/v1/connections/{connection}/put-aside/job:a/retry")
    assert (answer.status, answer.body["type"]) == (409, "urn:atsbridge:problem:conflict")


async def test_whoever_follows_a_pull_is_told_where_nothing_will_come_of_it(
    api: Api, connection: str, pulls: str
) -> None:
    await asked(api, pulls, kinds=["job"])
    look = looking(api.container)
    (claim,) = await api.stores.pulls.claim(1)
    pull = await api.stores.pulls.get(EVERYTHING, claim.connection, claim.pull)
    assert await look(pull) == pull

    await api.stores.pulls.park(claim, 1, "the credentials are dead")
    waiting = await look(pull)
    with pytest.raises(AccessError, match="parked: the credentials are dead"):
        await look(waiting)


RUNNING = Pull(
    id=PullId("pul_1"),
    connection=ConnectionId("con_1"),
    kind=RecordType.JOB,
    mode=PullMode.FULL,
    state=PullState.RUNNING,
    asked=True,
    created_at=BEGINNING,
    began_at=BEGINNING,
    expected=200,
    tally=Tally(read=50),
)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, 30),
        ({"expected": 40}, 0),
        ({"expected": None}, None),
        ({"tally": Tally()}, None),
        ({"began_at": None}, None),
        ({"state": PullState.WAITING}, None),
        ({"began_at": BEGINNING + timedelta(hours=1)}, 0),
    ],
)
def test_how_long_it_will_take_is_told_where_it_is_known(changes: Any, seconds: int | None) -> None:
    assert eta_of(attrs.evolve(RUNNING, **changes), BEGINNING + timedelta(seconds=10)) == seconds
