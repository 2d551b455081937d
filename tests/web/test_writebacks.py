"""Write-backs: listed, replayed, settled by a person; people erased."""

import pytest

from domain.ids import TagId
from ports.errors import OutcomeUnknownError
from tests import builders as b
from tests.memory_ats import Fate
from tests.web.bodies import a_call_result, a_screening
from tests.web.rig import Api


async def test_lists_are_newest_first_and_can_be_narrowed(api: Api, connection: str) -> None:
    other = await api.add_connection(name="Other")
    for n in range(3):
        body = a_screening(screening_id=f"screening-{n}", candidate_id=f"cand-{n}")
        await api("POST", f"/v1/connections/{connection}/screenings", body)
        api.clock.advance(1)
    await api("POST", f"/v1/connections/{other}/screenings", a_screening())
    seen: list[str] = []
    cursor = ""
    while True:
        page = await api("GET", f"/v1/writebacks?limit=2{cursor}")
        seen += [one["key"] for one in page.body["items"]]
        if page.body["next"] is None:
            break
        cursor = f"&cursor={page.body['next']}"

    assert seen == ["screening:screening-1", "screening:screening-2", "screening:screening-1", "screening:screening-0"]
    of_other = await api("GET", f"/v1/writebacks?connection={other}&state=waiting")
    assert [one["connection"] for one in of_other.body["items"]] == [other]
    assert (await api("GET", "/v1/writebacks?state=done")).body["items"] == []
    assert (await api("GET", "/v1/writebacks?connection=con_none")).status == 404


async def _held(api: Api, connection: str) -> str:
    """A note whose reply was lost, and no way to look for it."""
    ats = api.offices.of(connection)
    ats.blind = "the log is off"
    ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.NOT_DONE)
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/notes"
    accepted = await api("POST", url, {"text": "One"}, headers={"Idempotency-Key": "1"})
    await api.carry_out()
    api.clock.advance(600)
    await api.carry_out()
    return str(accepted.body["href"])


@pytest.mark.parametrize(("settle_as", "writes"), [("done", 0), ("resend", 1)])
async def test_a_held_effect_is_settled_by_a_word(api: Api, connection: str, settle_as: str, writes: int) -> None:
    href = await _held(api, connection)
    held = await api("GET", href)
    assert (held.body["state"], held.body["effects"][0]["state"]) == ("held", "held")
    assert held.body["effects"][0]["reason"] == "the log is off"

    settled = await api("POST", f"{href}/effects/1/settle", {"as": settle_as})
    assert settled.status == 200, settled.text
    api.clock.advance(5)
    await api.carry_out()
    assert (await api("GET", href)).body["state"] == "done"
    assert len(api.offices.of(connection).writes) == writes
    again = await api("POST", f"{href}/effects/1/settle", {"as": settle_as})
    assert again.status == 409


async def test_a_settlement_is_one_of_two_words_on_an_effect_that_is_there(api: Api, connection: str) -> None:
    href = await _held(api, connection)
    odd = await api("POST", f"{href}/effects/1/settle", {"as": "whatever", "n": 1})
    assert (odd.status, set(odd.faults)) == (422, {"/as", "/n"})
    for n in ("2", "0", "-1", "one", "9999999", "%D9%A1"):
        assert (await api("POST", f"{href}/effects/{n}/settle", {"as": "done"})).status == 404, n


async def test_only_a_held_effect_can_be_settled(api: Api, connection: str) -> None:
    accepted = await api("POST", f"/v1/connections/{connection}/screenings", a_screening())
    href = accepted.body["href"]
    assert (await api("POST", f"{href}/effects/1/settle", {"as": "resend"})).status == 404, "nothing is planned yet"
    await api.carry_out()
    before = (await api("GET", href)).body
    for effect in before["effects"]:
        for word in ("done", "resend"):
            assert (await api("POST", f"{href}/effects/{effect['n']}/settle", {"as": word})).status == 409
    assert before["effects"]
    assert (await api("GET", href)).body == before


async def test_a_running_write_back_is_not_replayed(api: Api, connection: str) -> None:
    accepted = await api("POST", f"/v1/connections/{connection}/screenings", a_screening())
    (claim,) = await api.stores.commands.claim(1)
    running = await api("POST", f"{accepted.body['href']}/replay")

    assert (running.status, running.body["type"]) == (409, "urn:atsbridge:problem:conflict")
    assert (await api("GET", accepted.body["href"])).body["state"] == "running"
    assert await api.stores.commands.renew([claim]) == frozenset()


async def test_a_refused_write_back_can_be_replayed(api: Api, connection: str) -> None:
    ats = api.offices.of(connection)
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/tags"
    accepted = await api("POST", url, {"tag": "brand-new"})
    waiting = await api("POST", f"{accepted.body['href']}/replay")
    await api.carry_out()
    refused = await api("GET", accepted.body["href"])
    ats.state.all_tags |= {TagId("brand-new")}
    replayed = await api("POST", f"{accepted.body['href']}/replay")
    await api.carry_out()
    done = await api("GET", accepted.body["href"])

    assert (waiting.status, refused.body["state"], replayed.status) == (409, "refused", 200)
    assert done.body["state"] == "done"
    assert (await api("POST", f"{accepted.body['href']}/replay")).status == 409
    assert (await api("POST", "/v1/writebacks/wb_none/replay")).status == 404


async def test_a_person_is_erased_with_a_receipt(api: Api, connection: str) -> None:
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())
    await api.carry_out()
    path = f"/v1/connections/{connection}/people/{b.CANDIDATE}"
    receipt = await api("DELETE", path)

    assert receipt.status == 200
    assert receipt.body["commands"] == 1
    assert receipt.body["files"] == 1
    assert (receipt.body["candidate"], receipt.body["connection"]) == (b.CANDIDATE, connection)
    kept = await api("GET", f"/v1/connections/{connection}/results/call-1")
    assert kept.body["key"] == "call-result:call-1"
    assert b.LAST_NAME not in kept.text
    assert (await api("DELETE", f"/v1/connections/con_none/people/{b.CANDIDATE}")).status == 404
