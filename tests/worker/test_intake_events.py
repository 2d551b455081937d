"""Jobs, candidates and applications over the queue: the same checks as over HTTP, and each event once."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from domain.errors import InvalidError
from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId
from domain.policy import Policy
from entrypoints.worker.rejections import Word, reason_of
from ports.connections import Connection
from ports.errors import ConflictError, NotFoundError, UnsupportedError
from ports.gateway import Provider
from ports.intake import Taken
from tests.office import CONNECTION, Office, an_office
from tests.persistence.postgres import empty_database

SHOP = ConnectionId("con_shop")
JOB = {"id": "job-1", "title": "Night Welder"}
PERSON = {"id": "cand-1", "first_name": "Quill", "last_name": "Ardent"}
APPLICATION = {"id": "app-1", "job_id": "job-1", "candidate": PERSON}


@pytest.fixture(params=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = await empty_database(request.config) if request.param == "postgresql" else None
    async with an_office(tmp_path, url=url) as office:
        shop = Connection(
            id=SHOP,
            provider=Provider.PUBLIC_API,
            name="shop",
            settings={},
            policy=Policy(),
            revision=1,
            created_at=office.clock.now(),
        )
        await office.stores.connections.add(shop, {})
        yield office


def event(kind: str, data: Any, **changes: Any) -> bytes:
    told = {"specversion": "1.0", "id": kind, "source": "/shop", "type": f"atsbridge.{kind}.v1", "subject": SHOP}
    return json.dumps({**told, "data": data, **changes}).encode()


async def test_records_come_in_and_each_event_counts_once(office: Office) -> None:
    for kind, data in (("job", JOB), ("candidate", PERSON), ("application", APPLICATION)):
        assert await office.bridge(event(kind, data), SHOP) == Taken(new=True, changed=True)
        assert await office.bridge(event(kind, data), SHOP) == Taken()
    intake = office.stores.intake
    assert (await intake.job(SHOP, JobId("job-1"))).title == "Night Welder"
    assert (await intake.candidate(SHOP, CandidateId("cand-1"))).candidate.last_name == "Ardent"
    assert (await intake.application(SHOP, ApplicationId("app-1"))).candidate_id == "cand-1"


async def test_another_body_is_an_update_but_not_under_the_same_event(office: Office) -> None:
    await office.bridge(event("job", JOB), SHOP)
    changed = {**JOB, "title": "Day Welder"}
    with pytest.raises(ConflictError) as refused:
        await office.bridge(event("job", changed), SHOP)
    assert reason_of(refused.value).word is Word.CONFLICT
    assert (await office.stores.intake.job(SHOP, JobId("job-1"))).title == "Night Welder"
    for name in ({"id": "2"}, {"source": "/other"}):
        changed = {**changed, "company": str(name)}
        assert await office.bridge(event("job", changed, **name), SHOP) == Taken(changed=True)


async def test_faults_have_their_pointers(office: Office) -> None:
    wrong = [
        (event("job", {"title": "x"}), {"/data/id"}),
        (event("job", {"id": "a b", "surprise": 1}), {"/data/id", "/data/title", "/data/surprise"}),
        (event("application", {"id": "app-1", "job_id": "job-1"}), {"/data/candidate_id"}),
        (event("application", APPLICATION), {"/data/job_id"}),
        (event("application", {**APPLICATION, "candidate_id": "another"}), {"/data/candidate/id"}),
    ]
    for raw, pointers in wrong:
        with pytest.raises(InvalidError) as refused:
            await office.bridge(raw, SHOP)
        assert {fault.pointer for fault in refused.value.faults} == pointers


async def test_connections_that_have_an_ats_take_nothing_in(office: Office) -> None:
    with pytest.raises(UnsupportedError) as refused:
        await office.bridge(event("job", JOB, subject=CONNECTION), CONNECTION)
    assert attrs.evolve(reason_of(refused.value), detail="").word is Word.REFUSED
    with pytest.raises(NotFoundError):
        await office.bridge(event("job", JOB, subject="con_none"), "con_none")
