import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidError
from domain.writeback import WriteBackState
from entrypoints.cli import demo_story as story
from entrypoints.worker.envelope import decode
from ports.commands import Accepted
from ports.errors import ConflictError, NotFoundError
from tests.office import CONNECTION, Office, an_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as office:
        yield office


def event(**changes: Any) -> bytes:
    return json.dumps(story.screening_event(CONNECTION) | changes).encode()


async def handed_in(office: Office, raw: bytes) -> Accepted:
    accepted = await office.bridge(raw, CONNECTION)
    assert isinstance(accepted, Accepted)
    return accepted


def faults_of(raw: bytes) -> dict[str, str]:
    with pytest.raises(InvalidError) as caught:
        decode(raw)
    return {fault.pointer: fault.message for fault in caught.value.faults}


async def test_an_event_is_the_same_request_as_over_http(office: Office) -> None:
    result = event(type="atsbridge.call-result.v1", data=story.call_result())
    first = await handed_in(office, result)
    again = await handed_in(office, event(type="atsbridge.call-result.v1", data=story.call_result(), id="other"))
    assert (again.id, first.new, again.new) == (first.id, True, False)


async def test_a_screening_is_carried_out(office: Office) -> None:
    accepted = await handed_in(office, event())
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.REFUSED
    assert "candidate 5145609 was not found" in (done.reason or "")


def test_a_member_named_twice_is_told_as_over_http() -> None:
    twice = event().replace(b'"score": 74', b'"score": 74, "score": 75')
    assert twice != event()
    assert faults_of(twice) == {"": "names a member of an object twice"}


async def test_the_same_screening_with_another_body_is_a_conflict(office: Office) -> None:
    await office.bridge(event(), CONNECTION)
    changed = story.screening_event(CONNECTION)["data"] | {"score": 1}
    with pytest.raises(ConflictError):
        await office.bridge(event(data=changed), CONNECTION)


async def test_an_unknown_connection_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError):
        await office.bridge(event(subject="con_nobody"), "con_nobody")


async def test_faults_of_the_body_point_into_the_event(office: Office) -> None:
    with pytest.raises(InvalidError) as caught:
        await office.bridge(event(data={"screening_id": 7, "surprise": True}), CONNECTION)
    pointers = {fault.pointer for fault in caught.value.faults}
    assert {"/data/screening_id", "/data/application_id", "/data/candidate_id"} <= pointers


def test_every_fault_of_an_envelope_is_named_at_once() -> None:
    found = faults_of(event(specversion="0.3", id="", subject=5, datacontenttype="text/plain"))
    assert set(found) == {"/specversion", "/id", "/subject", "/datacontenttype"}


def test_an_unknown_type_is_refused_with_those_that_are_known() -> None:
    assert "atsbridge.screening.v1" in faults_of(event(type="atsbridge.screening.v2"))["/type"]


@pytest.mark.parametrize("raw", [b"", b"[]", b"nonsense", b"\xff\xfe", b"null", b'"text"'])
def test_what_is_no_event_is_said_so(raw: bytes) -> None:
    assert set(faults_of(raw)) == {""}


@given(
    st.dictionaries(
        st.sampled_from(["specversion", "id", "source", "type", "subject", "data", "datacontenttype", "extension"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.just("1.0")),
    )
)
def test_what_is_wrong_is_always_named(found: dict[str, object]) -> None:
    with pytest.raises(InvalidError) as caught:
        decode(json.dumps(found).encode())
    assert caught.value.faults
