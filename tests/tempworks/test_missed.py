"""What a read of changes misses, counted against what the sandbox alone knows: when each record really changed."""

from datetime import datetime
from typing import Any

from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.recruiter import EDITS, edit
from entrypoints.sandbox.tempworks.truth import truth
from ports.gateway import Gateway, need
from tests.erecruit.rig import Sun

FIRST = 43_760
OF_EACH = 6


async def digests(feed: Any) -> dict[str, bytes]:
    return {one.id: one.digest async for page in feed for one in page}


def changed(sandbox: TempWorksSandbox, kind: str, since: datetime) -> set[str]:
    return {key for key, at in truth(sandbox.state)[kind].items() if datetime.fromisoformat(at) >= since}


async def test_of_edits_of_people_half_are_found_at_once_and_those_that_we_would_show_by_the_next_full_read(
    sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun
) -> None:
    feed = need(gateway.candidate_feed)
    before = await digests(feed.changed_candidates())
    sun.advance(86_400)
    began = sun()
    kinds = {FIRST + at: what for at, what in enumerate(list(EDITS) * OF_EACH)}
    for number, what in kinds.items():
        sun.advance(30)
        edit(sandbox.state, what, number, sun())
    sun.advance(600)

    really = changed(sandbox, "candidate", began)
    found = set(await digests(feed.changed_candidates(began)))
    missed = really - found
    after = await digests(feed.changed_candidates())
    shown_later = {key for key in missed if after[key] != before[key]}

    assert (len(really), len(found), len(missed)) == (48, 24, 24)
    assert {kinds[int(key)] for key in missed} == {"address", "name", "phone", "custom_data"}
    # What the full read does not show either is in no record of ours.
    assert {kinds[int(key)] for key in missed - shown_later} == {"address", "custom_data"}


async def test_jobs_and_assignments_are_all_found_and_moves_of_candidates_on_orders_only_by_a_message(
    sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun
) -> None:
    sun.advance(86_400)
    began = sun()
    open_one = next(one for one in sandbox.state.assignments.values() if one.end is None)
    moved = [700, 703, 704]
    for what, number in (("job_title", 5_998), ("job_close", 5_997), ("end", open_one.number)):
        edit(sandbox.state, what, number, sun())
    for number in moved:
        edit(sandbox.state, "move", number, sun())
    edit(sandbox.state, "message", sandbox.state.candidates[703].employee, sun())

    jobs = set(await digests(need(gateway.job_feed).changed_jobs(began)))
    applications = set(await digests(need(gateway.application_feed).changed_applications(began)))
    missed = changed(sandbox, "application", began) - applications

    assert jobs == changed(sandbox, "job", began) == {"5997", "5998"}
    assert f"assignment:{open_one.number}" in applications
    assert {key.rpartition("-")[2] for key in missed} == {"700", "704"}
