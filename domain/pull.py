"""Pulls: what changed in an ATS, read into records of ours."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar
from urllib.parse import quote

import attrs

from domain.candidate import Candidate
from domain.ids import CandidateId
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType

Record: TypeAlias = Job | Application | Candidate
T = TypeVar("T", Job, Application, Candidate)

PATHS: Mapping[RecordType, str] = {
    RecordType.JOB: "jobs",
    RecordType.APPLICATION: "applications",
    RecordType.CANDIDATE: "candidates",
}
"""How each kind of record is called where there are many of them."""


class PullMode(StrEnum):
    """What changed since the last pull, or everything: then it shows too what the pulls before have missed."""

    CHANGES = "changes"
    FULL = "full"


class PullState(StrEnum):
    """Where a pull stands; one that waits has been interrupted, or has not begun."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Change(StrEnum):
    """What happened to a record."""

    NEW = "new"
    CHANGED = "changed"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class Tally:
    """What became of the records that a pull read.

    `late`: new or changed, although its own time lies before the last read began: only the overlap brought it here.
    `missed`: the same in a full read, also where a record bears no time: what no pull has brought.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    put_aside: int = 0
    late: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        names = [field.name for field in attrs.fields(Tally)]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


def is_behind(record: Record, since: datetime | None, mode: PullMode) -> bool:
    """Whether a new or changed record should have come with an earlier read, which began at `since`."""
    if since is None:
        return False
    if record.changed_at is None:
        return mode is PullMode.FULL
    return record.changed_at < since


def candidate_of(record: Record) -> CandidateId | None:
    """Whom it is about; a job is about nobody."""
    match record:
        case Job():
            return None
        case Application():
            return record.candidate_id
        case Candidate():
            return record.id


def merged(kept: T, seen: T) -> T:
    """What was kept, with what a list that does not tell everything told now.

    What it does not tell stays. Of several (phones), a part of those that are kept, with the same first one, is no
    news.
    """
    told = {field.name: getattr(seen, field.name) for field in attrs.fields(type(seen))}
    news = {name: value for name, value in told.items() if value and not _is_part(value, getattr(kept, name))}
    return attrs.evolve(kept, **news)


def _is_part(told: object, kept: object) -> bool:
    if not isinstance(told, tuple) or not isinstance(kept, tuple):
        return False
    return told[:1] == kept[:1] and set(told) <= set(kept)


def changed_data(kind: RecordType, record: str, change: Change, connection: str) -> Mapping[str, object]:
    """What is told of a record that changed: never what stands in it."""
    href = f"/v1/connections/{connection}/{PATHS[kind]}/{quote(record, safe='')}"
    return {f"{kind.value}_id": record, "change": change.value, "href": href}


def pulled_data(pull: str, kind: RecordType, mode: PullMode, tally: Tally, connection: str) -> Mapping[str, object]:
    """What is told of a pull that is done."""
    href = f"/v1/connections/{connection}/pulls/{pull}"
    return {"pull_id": pull, "href": href, "kind": kind.value, "mode": mode.value, "counts": attrs.asdict(tally)}
