"""Connections: kept, changed, checked; their credentials never come back."""

from typing import Any

import pytest

from adapters.providers import PROVIDERS
from domain.ids import ConnectionId
from ports.errors import AccessError, UnavailableError
from ports.gateway import Provider
from tests import builders as b
from tests.memory_gateway import memory_gateway, without
from tests.web.bodies import a_call_result
from tests.web.rig import CREDENTIALS, SETTINGS, Api, a_connection

POLICY = {
    "note_on": "both",
    "report_on": "candidate",
    "tag": False,
    "screened_status": False,
    "verdicts": {"passed": {"stage": b.INTERVIEW}, "failed": {"disposition_reason": b.NOT_QUALIFIED}},
    "fields": [{"from": "/score", "on": "application", "field": b.SALARY}],
    "criteria": {"least_score": 60.0, "knock_outs": [{"question": "forklift", "accept": ["yes", "ja"]}]},
}


async def test_what_was_sent_comes_back_but_for_the_credentials(api: Api) -> None:
    made = await api("POST", "/v1/connections", a_connection(policy=POLICY))
    found = await api("GET", made.headers["Location"])

    assert made.status == 201
    assert found.body == made.body
    assert made.body["id"].startswith("con_")
    assert made.body["policy"] == POLICY
    assert made.body["settings"].items() >= SETTINGS.items()
    assert "credentials" not in made.body
    assert not any(secret in made.text for secret in (b.API_SECRET, b.PASSWORD))


async def test_lists_come_in_pages(api: Api) -> None:
    made = [await api.add_connection(name=f"No. {n}") for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await api("GET", f"/v1/connections?limit=2{cursor}")
        seen += [one["id"] for one in page.body["items"]]
        if page.body["next"] is None:
            break
        cursor = f"&cursor={page.body['next']}"

    assert seen == sorted(made)
    assert len((await api("GET", "/v1/connections")).body["items"]) == 5


async def test_every_fault_of_a_new_connection_is_named_at_once(api: Api) -> None:
    body = a_connection(
        name=" ",
        settings={**SETTINGS, "time_zone": "Mars/Olympus", "surprise": 1},
        credentials={"client_id": 7},
        policy={"note_on": "moon", "fields": [{"from": "score", "on": "job"}], "extra": {}},
        more=True,
    )
    answer = await api("POST", "/v1/connections", body)

    assert answer.status == 422
    assert {
        "/name",
        "/settings/time_zone",
        "/settings/surprise",
        "/credentials/client_id",
        "/credentials/client_secret",
        "/policy/note_on",
        "/policy/fields/0/field",
        "/policy/extra",
        "/more",
    } <= set(answer.faults)
    assert (await api("GET", "/v1/connections")).body["items"] == []


async def test_rules_of_a_policy_beyond_its_shape(api: Api) -> None:
    both = {"stage": "1", "disposition_reason": "2"}
    policy = {"verdicts": {"passed": both, "failed": {}}, "fields": [{"from": "score", "on": "job", "field": "f"}]}
    answer = await api("POST", "/v1/connections", a_connection(policy=policy))

    assert set(answer.faults) == {"/policy/verdicts/passed", "/policy/verdicts/failed", "/policy/fields/0/from"}


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ({"x": 1}, "/policy/x"),
        ({"criteria": {"x": 1}}, "/policy/criteria/x"),
        ({"criteria": {"knock_outs": [{"question": "q", "accept": ["a"], "x": 1}]}}, "/policy/criteria/knock_outs/0/x"),
        ({"verdicts": {"passed": {"stage": "s", "x": 1}}}, "/policy/verdicts/passed/x"),
        ({"fields": [{"from": "/score", "on": "job", "field": "f", "x": 1}]}, "/policy/fields/0/x"),
        ({"fields": [{"from_": "/score", "on": "job", "field": "f"}]}, "/policy/fields/0/from_"),
    ],
)
async def test_unknown_members_are_named_at_every_depth(api: Api, policy: dict[str, Any], pointer: str) -> None:
    answer = await api("POST", "/v1/connections", a_connection(policy=policy))
    assert (answer.status, pointer in answer.faults) == (422, True)


@pytest.mark.parametrize("provider", ["bullhorn", "", "ERECRUIT"])
async def test_a_provider_that_is_not_offered_is_named_with_those_that_are(api: Api, provider: str) -> None:
    answer = await api("POST", "/v1/connections", a_connection(provider=provider))
    assert answer.status == 422
    assert "erecruit" in answer.faults["/provider"]


async def test_a_merge_patch_changes_what_it_names_and_null_takes_away(api: Api) -> None:
    made = await api("POST", "/v1/connections", a_connection(policy=POLICY, settings={**SETTINGS, "tag_id": "7"}))
    patch = {
        "name": "Renamed",
        "settings": {"tag_id": None, "note_action_id": "12"},
        "policy": {"verdicts": {"failed": None}, "criteria": {"least_score": None}, "note_on": "none"},
    }
    changed = await api(
        "PATCH", made.headers["Location"], None, json=patch, headers={"Content-Type": "application/merge-patch+json"}
    )

    assert changed.status == 200, changed.text
    assert changed.body["name"] == "Renamed"
    assert (changed.body["settings"]["tag_id"], changed.body["settings"]["note_action_id"]) == ("65880", "12")
    assert changed.body["policy"] == {
        **POLICY,
        "note_on": "none",
        "verdicts": {"passed": {"stage": b.INTERVIEW}},
        "criteria": {"knock_outs": POLICY["criteria"]["knock_outs"]},  # type: ignore[index]
    }
    assert changed.body["revision"] == made.body["revision"] + 1
    assert (await api("GET", made.headers["Location"])).body == changed.body


@pytest.mark.parametrize(
    ("patch", "pointers"),
    [
        ({"name": None}, {"/name"}),
        ({"credentials": None}, {"/credentials"}),
        ({"credentials": {}}, {"/credentials/client_id"}),
        ({"provider": "kombo"}, {"/provider"}),
        ({"settings": 5}, {"/settings"}),
        ({"settings": {"time_zone": "Mars/Olympus"}}, {"/settings/time_zone"}),
        ({"policy": {"verdicts": {"perhaps": {}}}}, {"/policy/verdicts/perhaps"}),
        ([], {""}),
    ],
)
async def test_a_bad_patch_changes_nothing(api: Api, connection: str, patch: Any, pointers: set[str]) -> None:
    before = await api("GET", f"/v1/connections/{connection}")
    answer = await api("PATCH", f"/v1/connections/{connection}", None, json=patch)

    assert answer.status == 422
    assert pointers <= set(answer.faults)
    assert (await api("GET", f"/v1/connections/{connection}")).body == before.body


async def test_hosts_change_only_with_credentials_and_by_an_admin(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    moved = {"settings": {"base_url": "https://thief.invalid/webapi"}}
    keeper = await api.add_key("connections")

    alone = await api("PATCH", path, moved)
    by_another = await keeper("PATCH", path, {**moved, "credentials": CREDENTIALS})
    by_another_alone = await keeper("PATCH", path, moved)
    whole = await api("PATCH", path, {**moved, "credentials": CREDENTIALS})

    assert (alone.status, set(alone.faults)) == (422, {"/credentials"})
    assert by_another.status == by_another_alone.status == 403
    assert whole.body["settings"]["base_url"] == "https://thief.invalid/webapi"


async def test_wrong_credentials_park_the_connection_until_they_change(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    refused = AccessError("the log-in was refused")
    api.offices.of(connection).fail_next(refused)
    await api("POST", f"{path}/call-results", a_call_result())
    await api.carry_out()

    assert (await api("GET", path)).body["parked"] == "the log-in was refused"
    found = await api("GET", f"{path}/results/call-1")
    assert (found.body["state"], "parked" in found.body["reason"]) == ("waiting", True)
    assert await api.carry_out() == []

    changed = await api("PATCH", path, {"credentials": CREDENTIALS})
    assert "parked" not in changed.body
    await api.carry_out()
    assert (await api("GET", f"{path}/results/call-1")).body["state"] == "done"


async def test_a_check_that_passes_lets_a_parked_connection_go_on(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    for operation in (None, "check.hosts"):
        api.offices.of(connection).fail_next(AccessError("the log-in was refused"), on=operation)
    await api("POST", f"{path}/call-results", a_call_result())
    await api.carry_out()

    failed = await api("POST", f"{path}/check")
    assert failed.status == 200
    assert failed.body == {
        "ok": False,
        "hosts": [{"host": "memory", "ok": False, "fault": "the log-in was refused"}],
        "policy": [],
    }
    assert "parked" in (await api("GET", path)).body
    assert (await api("POST", f"{path}/check")).body == {
        "ok": True,
        "hosts": [{"host": "memory", "ok": True}],
        "policy": [],
    }
    assert "parked" not in (await api("GET", path)).body


async def test_a_check_names_every_id_that_cannot_be_used(api: Api) -> None:
    policy = {
        "verdicts": {
            "passed": {"stage": "nowhere"},
            "review": {"stage": b.PIPELINE},
            "failed": {"disposition_reason": b.RETIRED_REASON},
        },
        "fields": [
            {"from": "/score", "on": "application", "field": b.SALARY},
            {"from": "/score", "on": "job", "field": "shoe-size"},
        ],
    }
    connection = await api.add_connection(policy=policy)
    ats = api.offices.of(connection)
    ats.state.all_tags = frozenset()
    ats.state.stages = tuple(stage for stage in ats.state.stages if stage.id != b.SCREENED)
    found = await api("POST", f"/v1/connections/{connection}/check")

    assert {one["pointer"] for one in found.body["policy"]} == {
        "/policy/verdicts/passed/stage",
        "/policy/verdicts/review/stage",
        "/policy/verdicts/failed/disposition_reason",
        "/policy/fields/1/field",
        "/policy/tag",
        "/policy/screened_status",
    }
    assert (found.body["ok"], found.body["hosts"][0]["ok"]) == (False, True)


async def test_a_check_says_what_the_policy_asks_for_and_nobody_offers(api: Api) -> None:
    connection = await api.add_connection(policy=POLICY)
    gateway = memory_gateway(api.offices.of(connection), provider=Provider.ERECRUIT)
    lacking = ("stage_moves", "rejection", "application_fields", "tagging")
    api.offices.gateways[ConnectionId(connection)] = without(gateway, *lacking, why="not offered")
    found = await api("POST", f"/v1/connections/{connection}/check")

    assert {(one["pointer"], one["message"]) for one in found.body["policy"]} == {
        ("/policy/verdicts/passed/stage", "not offered"),
        ("/policy/verdicts/failed/disposition_reason", "not offered"),
        ("/policy/fields/0/field", "not offered"),
    }


async def test_a_check_of_an_ats_that_does_not_answer_is_still_an_answer(api: Api, connection: str) -> None:
    api.offices.of(connection).fail_next(UnavailableError("the host does not answer"), on="stages.stages")
    found = await api("POST", f"/v1/connections/{connection}/check")

    assert found.status == 200
    assert [one["pointer"] for one in found.body["policy"]] == ["/policy"]


async def test_a_removed_connection_is_gone_with_all_that_could_be_asked_of_it(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    assert (await api("DELETE", path)).status == 204
    for method, under in (("GET", ""), ("DELETE", ""), ("POST", "/check"), ("GET", "/stages")):
        assert (await api(method, path + under)).status == 404
    assert (await api("POST", f"{path}/call-results", a_call_result())).status == 404


async def test_capabilities_are_those_of_the_code(api: Api, connection: str) -> None:
    every = await api("GET", "/v1/capabilities")
    one = await api("GET", f"/v1/connections/{connection}/capabilities")

    assert set(every.body) == {str(provider) for provider in PROVIDERS}
    assert len(every.body["erecruit"]) == 25
    delivery = every.body["erecruit"]["result_delivery"]
    assert (delivery["state"], set(delivery)) == ("absent", {"state", "kind", "why"})
    assert every.body["erecruit"]["application_notes"]["wire"] in {"sourced", "assumed"}
    assert one.body["erecruit"]["bulk_rejection"] == {"state": "yes", "evidence": "live"}
