"""What a pull makes of records: late, missed, merged."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.candidate import Candidate
from domain.ids import ApplicationId, CandidateId, JobId
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import Change, PullMode, Tally, candidate_of, changed_data, is_behind, merged, pulled_data

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PHONES = st.lists(st.sampled_from(["1", "2", "3", "4"]), unique=True, max_size=4).map(tuple)
PEOPLE = st.builds(
    Candidate,
    id=st.just(CandidateId("7")),
    first_name=st.sampled_from(["", "Ada", "Eve"]),
    last_name=st.sampled_from(["", "Row"]),
    emails=PHONES,
    phones=PHONES,
    title=st.sampled_from([None, "", "Welder"]),
    changed_at=st.sampled_from([None, NOON]),
)


def person(changed_at: datetime | None) -> Candidate:
    return Candidate(id=CandidateId("7"), first_name="Ada", last_name="Row", changed_at=changed_at)


@pytest.mark.parametrize(
    ("changed_at", "since", "mode", "behind"),
    [
        (NOON, None, PullMode.FULL, False),
        (NOON, NOON, PullMode.CHANGES, False),
        (NOON - timedelta(microseconds=1), NOON, PullMode.CHANGES, True),
        (NOON - timedelta(microseconds=1), NOON, PullMode.FULL, True),
        (None, NOON, PullMode.CHANGES, False),
        (None, NOON, PullMode.FULL, True),
    ],
)
def test_what_should_have_come_before(
    changed_at: datetime | None, since: datetime | None, mode: PullMode, behind: bool
) -> None:
    assert is_behind(person(changed_at), since, mode) is behind


@given(PEOPLE, PEOPLE)
def test_what_was_laid_over_once_changes_nothing_the_second_time(kept: Candidate, seen: Candidate) -> None:
    once = merged(kept, seen)
    assert merged(once, seen) == once


@given(PEOPLE, PEOPLE)
def test_what_is_told_stands_and_what_is_not_stays(kept: Candidate, seen: Candidate) -> None:
    both = merged(kept, seen)
    assert both.first_name == (seen.first_name or kept.first_name)
    assert both.title == (seen.title or kept.title)
    assert both.changed_at == (seen.changed_at or kept.changed_at)
    assert set(seen.phones) <= set(both.phones)
    assert both.phones[:1] == (seen.phones or kept.phones)[:1]


def test_a_part_of_the_phones_is_no_news_but_another_first_one_is() -> None:
    kept = attrs.evolve(person(NOON), phones=("1", "2"))
    assert merged(kept, attrs.evolve(kept, phones=("1",))).phones == ("1", "2")
    assert merged(kept, attrs.evolve(kept, phones=("2",))).phones == ("2",)
    assert merged(kept, attrs.evolve(kept, phones=("1", "3"))).phones == ("1", "3")


def test_counts_add_up() -> None:
    assert Tally(read=1, late=2) + Tally(read=3, put_aside=1) == Tally(read=4, late=2, put_aside=1)


def test_what_is_told_names_the_record_and_nothing_in_it() -> None:
    assert changed_data(RecordType.CANDIDATE, "a/b 7", Change.DELETED, "con_1") == {
        "candidate_id": "a/b 7",
        "change": "deleted",
        "href": "/v1/connections/con_1/candidates/a%2Fb%207",
    }
    told = pulled_data("pul_1", RecordType.JOB, PullMode.FULL, Tally(read=2, new=2), "con_1")
    assert told["href"] == "/v1/connections/con_1/pulls/pul_1"
    assert told["counts"] == {**attrs.asdict(Tally()), "read": 2, "new": 2}


def test_whom_a_record_is_about() -> None:
    job = Job(id=JobId("1"), title="Welder", status=JobStatus.OPEN)
    application = Application(id=ApplicationId("2"), job_id=JobId("1"), candidate_id=CandidateId("7"))
    assert [candidate_of(one) for one in (job, application, person(None))] == [None, "7", "7"]
