"""Bodies and replies of pulls, and of the records that they keep."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import attrs
from msgspec import UNSET, Meta, UnsetType

from application.ask_pulls import name_of
from domain.candidate import Candidate
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from entrypoints.json_schemas import Either
from entrypoints.web.replies import unless_none
from ports.connections import Connection
from ports.pulls import Pull, PutAsideRecord
from ports.records import KeptRecord

Kinds = Annotated[tuple[RecordType, ...], Meta(min_length=1, max_length=len(RecordType))]


@attrs.frozen(kw_only=True)
class PullBody:
    """Which kinds of record are read; without `kinds` all that the provider gives."""

    kinds: Kinds | None = None
    mode: PullMode = PullMode.CHANGES


@attrs.frozen(kw_only=True)
class PullReply:
    """A pull, with what became of the records that it has read.

    `since` is from when on changes are asked for, less the overlap of `overlap_seconds`. `late` records came although
    their own time lies before that: only the overlap brought them. `missed` ones no pull before has brought. `asked`:
    not by the schedule. `expected` is about how many records there are, `eta_seconds` about how long it will take.
    """

    id: str
    connection: str
    kind: RecordType
    mode: PullMode
    state: PullState
    asked: bool
    created_at: datetime
    counts: Tally
    overlap_seconds: float | UnsetType = UNSET
    began_at: datetime | UnsetType = UNSET
    ended_at: datetime | UnsetType = UNSET
    since: datetime | UnsetType = UNSET
    expected: int | UnsetType = UNSET
    eta_seconds: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET


def pull_reply(pull: Pull, connection: Connection, now: datetime) -> PullReply:
    """A pull as it is shown."""
    overlap: Any = connection.settings.get("overlap_seconds")
    return PullReply(
        id=pull.id,
        connection=pull.connection,
        kind=pull.kind,
        mode=pull.mode,
        state=pull.state,
        asked=pull.asked,
        created_at=pull.created_at,
        counts=pull.tally,
        overlap_seconds=unless_none(overlap),
        began_at=unless_none(pull.began_at),
        ended_at=unless_none(pull.ended_at),
        since=unless_none(pull.since),
        expected=unless_none(pull.expected),
        eta_seconds=unless_none(eta_of(pull, now)),
        reason=unless_none(pull.reason),
    )


def eta_of(pull: Pull, now: datetime) -> int | None:
    """Seconds that it will still take if it goes on as it went so far; None where nobody can tell."""
    if pull.state is not PullState.RUNNING or pull.began_at is None or pull.expected is None or not pull.tally.read:
        return None
    passed = max(0.0, (now - pull.began_at).total_seconds())
    return round(passed / pull.tally.read * max(0, pull.expected - pull.tally.read))


@attrs.frozen(kw_only=True)
class PutAsideReply:
    """A record that could not be decoded: `path` is where in it, `why` holds nothing out of it."""

    id: str
    kind: RecordType
    record: str
    path: str
    why: str
    since: datetime


def put_aside_reply(aside: PutAsideRecord) -> PutAsideReply:
    """A record that was put aside, as it is shown."""
    return PutAsideReply(
        id=name_of(aside.kind, aside.id),
        kind=aside.kind,
        record=aside.id,
        path=aside.path,
        why=aside.why,
        since=aside.since,
    )


@attrs.frozen(kw_only=True)
class KeptJob(Job):
    """A job as it was read last, and when it was kept so."""

    updated_at: datetime


@attrs.frozen(kw_only=True)
class KeptApplication(Application):
    """An application as it was read last, and when it was kept so."""

    updated_at: datetime


@attrs.frozen(kw_only=True)
class KeptCandidate(Candidate):
    """A candidate as it was read last, and when it was kept so."""

    updated_at: datetime


@attrs.frozen(kw_only=True)
class DeletedRecord:
    """A record that was deleted in the ATS."""

    id: str
    updated_at: datetime
    deleted: bool = True


class JobRow(Either):
    """A job, or one that was deleted."""

    kinds = (KeptJob, DeletedRecord)


class ApplicationRow(Either):
    """An application, or one that was deleted."""

    kinds = (KeptApplication, DeletedRecord)


class CandidateRow(Either):
    """A candidate, or one who was deleted."""

    kinds = (KeptCandidate, DeletedRecord)


def kept_reply(kept: KeptRecord) -> Mapping[str, object] | DeletedRecord:
    """A `KeptJob`, `KeptApplication` or `KeptCandidate`, or that it was deleted."""
    if kept.record is None:
        return DeletedRecord(id=kept.id, updated_at=kept.updated_at)
    return {**attrs.asdict(kept.record, recurse=False), "updated_at": kept.updated_at}
