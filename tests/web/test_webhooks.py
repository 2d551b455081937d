"""Webhooks over HTTP: endpoints with their secrets, tests, attempts, replays, recovery, and all events to be read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from standardwebhooks import Webhook

from adapters.rest.sessions import receivers
from adapters.webhooks.addresses import Addresses
from adapters.webhooks.sender import HttpSender
from application.deliver_webhooks import DeliverWebhooks
from domain.event import EventType
from entrypoints.web.event_schemas import TOLD
from ports.scope import EVERYTHING
from tests.clocks import FakeClock
from tests.rest.raw_server import RawServer, reply, serving
from tests.web.bodies import a_call_result
from tests.web.rig import Answer, Api

URL = "https://hooks.example.com/atsbridge"


async def added(api: Api, **parts: Any) -> Answer:
    answer = await api("POST", "/v1/webhook-endpoints", {"url": URL, **parts})
    assert answer.status == 201, answer.text
    return answer


async def deliver(api: Api, server: RawServer | None = None) -> int:
    """One pass of a worker over what is due; whatever the URL says, it goes to the server."""
    errands = await api.stores.deliveries.claim(100, 10, {}, ())
    async with sending(server.port if server else 1, api.clock) as sender:
        work = DeliverWebhooks(api.stores.deliveries, sender, lambda: 0.5)
        for errand in errands:
            await work(errand)
    return len(errands)


@asynccontextmanager
async def sending(port: int, clock: FakeClock) -> AsyncIterator[HttpSender]:
    here = (ip_network("127.0.0.0/8"),)
    async with receivers(allowed=here) as session:
        yield HttpSender(session, Addresses(http=True, ports=frozenset({port}), allowed=here), clock, seconds=2.0)


async def moved_to(api: Api, endpoint: str, server: RawServer) -> None:
    """Past the rules of the settings, which let no endpoint be on this machine."""
    import attrs

    kept = await api.stores.endpoints.get(EVERYTHING, endpoint)  # type: ignore[arg-type]
    await api.stores.endpoints.change(EVERYTHING, attrs.evolve(kept, url=server.url, revision=kept.revision + 1))


async def test_an_endpoint_is_added_with_a_secret_that_is_shown_once(api: Api, connection: str) -> None:
    made = await added(api, event_types=["result.ready", "call.completed"], connection=connection)
    listed = await api("GET", "/v1/webhook-endpoints")
    one = await api("GET", f"/v1/webhook-endpoints/{made.body['id']}")
    secret = made.body.pop("secret")
    assert secret.startswith("whsec_")
    assert made.body["event_types"] == ["call.completed", "result.ready"]
    assert made.body["connection"] == connection
    assert listed.body["items"] == [made.body] == [one.body]
    assert secret not in listed.text + one.text


async def test_a_key_of_one_connection_makes_endpoints_of_that_one(api: Api, connection: str) -> None:
    other = await api.add_connection(name="Other")
    key = await api.add_key("webhooks", connection=connection)
    mine = (await added(key)).body
    assert mine["connection"] == connection
    refused = await key("POST", "/v1/webhook-endpoints", {"url": URL, "connection": other})
    assert (refused.status, refused.faults) == (422, {"/connection": "there is no such connection"})


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://hooks.example.com/"},
        {"url": "https://127.0.0.1/"},
        {"url": "https://user@hooks.example.com/"},
        {"url": "https://hooks.example.com:22/"},
        {"url": "https://hooks.example.com/\u0000"},
        {"url": ""},
        {"url": 7},
        {},
    ],
)
async def test_a_url_that_will_not_do_is_named(api: Api, body: dict[str, Any]) -> None:
    answer = await api("POST", "/v1/webhook-endpoints", body)
    assert (answer.status, set(answer.faults)) == (422, {"/url"})
    endpoint = (await added(api)).body["id"]
    if body:
        changed = await api("PATCH", f"/v1/webhook-endpoints/{endpoint}", body)
        assert (changed.status, set(changed.faults)) == (422, {"/url"})


async def test_every_fault_of_a_body_is_named(api: Api) -> None:
    body = {"url": 1, "event_types": ["result.ready", "nothing.happened"], "connection": 2, "more": 3}
    answer = await api("POST", "/v1/webhook-endpoints", body)
    assert set(answer.faults) == {"/url", "/event_types/1", "/connection", "/more"}


async def test_a_test_is_delivered_signed_and_its_attempt_is_shown(api: Api, connection: str) -> None:
    made = (await added(api, connection=connection)).body
    path = f"/v1/webhook-endpoints/{made['id']}"
    async with serving(reply(204, b"")) as server:
        await moved_to(api, made["id"], server)
        tested = await api("POST", f"{path}/test")
        rotated = await api("POST", f"{path}/secret")
        assert await deliver(api, server) == 1
        (seen,) = server.seen
    signatures = seen.headers["webhook-signature"].split(" ")
    for secret in (made["secret"], rotated.body["secret"]):
        assert Webhook(secret).sign(tested.body["event"], api.clock.now(), seen.body.decode()) in signatures
    assert len(signatures) == 2
    (shown,) = (await api("GET", f"/v1/webhook-deliveries?event={tested.body['event']}")).body["items"]
    assert (shown["state"], shown["event_type"], shown["endpoint"]) == ("delivered", "endpoint.test", made["id"])
    assert [(one["n"], one["status"]) for one in shown["attempts"]] == [(1, 204)]


async def test_the_end_of_a_write_back_is_delivered_and_replayed(api: Api, connection: str) -> None:
    made = (await added(api, connection=connection, event_types=["writeback.done"])).body
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())
    await api.carry_out()
    async with serving(reply(500, b"no"), reply(200, b"ok")) as server:
        await moved_to(api, made["id"], server)
        await deliver(api, server)
        (waiting,) = (await api("GET", "/v1/webhook-deliveries?state=waiting")).body["items"]
        assert waiting["due_at"] > waiting["created_at"]
        api.clock.advance(6)
        await deliver(api, server)
        (delivered,) = (await api("GET", "/v1/webhook-deliveries")).body["items"]
        assert [one["status"] for one in delivered["attempts"]] == [500, 200]
        replayed = await api("POST", f"/v1/webhook-deliveries/{delivered['id']}/replay")
        assert (replayed.status, replayed.body["state"]) == (200, "waiting")
        again = await api("POST", f"/v1/webhook-deliveries/{delivered['id']}/replay")
        assert (again.status, again.body["type"]) == (409, "urn:atsbridge:problem:conflict")
        await deliver(api, server)
        since = {"since": (api.clock.now() - timedelta(hours=1)).isoformat()}
        whole = await api("POST", f"/v1/webhook-endpoints/{made['id']}/replay", since)
        assert (whole.status, whole.body) == (200, {"deliveries": 1})
        await deliver(api, server)
        ids = {seen.headers["webhook-id"] for seen in server.seen}
        assert (len(server.seen), len(ids)) == (4, 1)
        assert len({seen.body for seen in server.seen}) == 1


async def test_what_was_missed_is_recovered(api: Api, connection: str) -> None:
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())
    await api.carry_out()
    await api("GET", "/v1/events")
    made = (await added(api)).body
    path = f"/v1/webhook-endpoints/{made['id']}"
    assert await deliver(api) == 0
    since = {"since": (api.clock.now() - timedelta(hours=1)).isoformat()}
    assert (await api("POST", f"{path}/recover", since)).body == {"deliveries": 1}
    async with serving(reply()) as server:
        await moved_to(api, made["id"], server)
        assert await deliver(api, server) == 1
        assert b"writeback.done" in server.seen[0].body
    wrong = await api("POST", f"{path}/recover", {"since": "yesterday"})
    assert (wrong.status, set(wrong.faults)) == (422, {"/since"})


async def test_a_span_that_ends_before_it_begins(api: Api) -> None:
    made = (await added(api)).body
    body = {"since": "2026-11-21T10:00:00Z", "until": "2026-11-21T09:00:00Z"}
    answer = await api("POST", f"/v1/webhook-endpoints/{made['id']}/replay", body)
    assert (answer.status, set(answer.faults)) == (422, {"/until"})


async def test_a_disabled_endpoint_is_told_in_readiness_and_enabled_by_hand(api: Api, connection: str) -> None:
    made = (await added(api, connection=connection)).body
    other = (await added(api, connection=connection)).body
    path = f"/v1/webhook-endpoints/{made['id']}"
    async with serving(reply(410, b"")) as server:
        await moved_to(api, made["id"], server)
        await api("POST", f"{path}/test")
        await deliver(api, server)
    assert (await api("GET", path)).body["disabled"] == "the receiver answered 410: it is gone"
    ready = await api.with_key("")("GET", "/readyz")
    details = ["webhook endpoints disabled by their failures: 1"]
    assert (ready.status, ready.body) == (200, {"status": "ready", "details": details})
    assert (await api("POST", f"{path}/test")).status == 409
    events = (await api("GET", "/v1/events")).body["items"]
    assert [(one["type"], one["data"]["endpoint_id"]) for one in events] == [("endpoint.disabled", made["id"])]
    (told,) = (await api("GET", f"/v1/webhook-deliveries?endpoint={other['id']}")).body["items"] or [None]
    assert told["event_type"] == "endpoint.disabled"
    enabled = await api("PATCH", path, {"disabled": False})
    assert "disabled" not in enabled.body
    assert (await api("GET", "/readyz")).body == {"status": "ready"}
    by_hand = await api("PATCH", path, {"disabled": True})
    assert by_hand.body["disabled"] == "by hand"
    assert (await api("GET", "/readyz")).body == {"status": "ready"}


async def test_events_are_read_on_from_where_one_was(api: Api, connection: str) -> None:
    for n in range(5):
        body = a_call_result(call_id=f"call-{n}", candidate_id=f"cand-{n}")
        await api("POST", f"/v1/connections/{connection}/call-results", body)
    await api.carry_out()
    seen: list[str] = []
    after = "0"
    for _ in range(4):
        page = (await api("GET", f"/v1/events?after={after}&limit=2")).body
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert (await api("GET", f"/v1/events?after={after}")).body == {"items": [], "next": after}
    assert (await api("GET", "/v1/events?type=writeback.done")).body["items"]
    assert (await api("GET", "/v1/events?type=writeback.held")).body["items"] == []
    assert set((await api("GET", "/v1/events?after=x&type=y")).faults) == {"/query/after", "/query/type"}


async def test_a_key_of_one_connection_sees_nothing_of_another(api: Api, connection: str) -> None:
    other = await api.add_connection(name="Other")
    theirs = (await added(api, connection=other)).body
    everybodys = (await added(api)).body
    await api("POST", f"/v1/connections/{other}/call-results", a_call_result())
    await api.carry_out()
    await deliver(api)
    (delivery, *_) = (await api("GET", f"/v1/webhook-deliveries?endpoint={theirs['id']}")).body["items"]
    key = await api.add_key("webhooks", connection=connection)
    since = {"since": "2020-01-01T00:00:00Z"}
    for endpoint in (theirs["id"], everybodys["id"], "whe_nothing"):
        path = f"/v1/webhook-endpoints/{endpoint}"
        answers = [
            await key("GET", path),
            await key("PATCH", path, {"disabled": True}),
            await key("DELETE", path),
            await key("POST", f"{path}/secret"),
            await key("POST", f"{path}/test"),
            await key("POST", f"{path}/recover", since),
            await key("POST", f"{path}/replay", since),
        ]
        assert {answer.status for answer in answers} == {404}
    assert (await key("POST", f"/v1/webhook-deliveries/{delivery['id']}/replay")).status == 404
    for path in ("/v1/webhook-endpoints", "/v1/webhook-deliveries", "/v1/events"):
        assert (await key("GET", path)).body["items"] == []
    assert (await key("GET", f"/v1/webhook-deliveries?event={delivery['event']}")).body["items"] == []


def test_every_event_is_described() -> None:
    assert set(TOLD) == set(EventType)
