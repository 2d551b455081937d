"""What the emulated Kombo remembers; nothing of what can be made from a number."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from entrypoints.sandbox.kombo import catalogue
from entrypoints.sandbox.kombo.catalogue import Named, Row
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.store import Store
from entrypoints.sandbox.limits import Counted


@attrs.define(kw_only=True)
class Switches:
    """What nobody knows of Kombo and Avionté, and what a customer's integration may be like."""

    setup: str = ""
    """SETUP_SYNC_PENDING, SETUP_INCOMPLETE, QA_FAILED or INACTIVE: answered to every call of the integration."""
    forbidden: str = ""
    """Actions without permission, by commas: stage, reject, application, note, file, tag, result_link, read_files."""
    key_revoked: bool = False
    concurrency: int = 30
    action_seconds: float = 0.0
    """How long an action is under way, of real time."""
    passthrough_counts: bool = True
    lag_seconds: float = 0.0
    """How much later than it is done a write is to be seen in the lists."""
    notes_synced: bool = True
    unsupported_filters: str = "job_codes,post_url"
    files_on_candidate: bool = False
    """Whether what is attached to an application of Avionté's ends on its candidate."""
    matches_email: bool = True
    """Whether a new application for a known e-mail address becomes the known candidate's."""
    refuses_existing: bool = False
    """Whether a second application for the same job is refused; else it makes a second person."""
    page_dialect: bool = True
    """Whether Avionté knows the paths that only the integrator's page names."""
    inner_errors: str = "object"
    """The body of Avionté's errors: object, string, html or absent."""
    empty_success: bool = False
    """Whether a change of fields is answered by 204 without a body."""
    multi_query_most: int = 100


@attrs.frozen(kw_only=True)
class Job:
    number: int
    title: str
    description: str | None
    status: str
    changed: datetime
    nested: datetime
    deleted: datetime | None = None


@attrs.frozen(kw_only=True)
class Candidate:
    """`emails` and `phones` are pairs of a value and its type; `nested` moves when a tag is added."""

    number: int
    first: str | None
    last: str | None
    title: str | None
    emails: tuple[tuple[str, str | None], ...]
    phones: tuple[tuple[str, str | None], ...]
    tags: tuple[int, ...] = ()
    location: Row | None = None
    created: datetime | None = None
    changed: datetime
    nested: datetime
    deleted: datetime | None = None


@attrs.frozen(kw_only=True)
class Application:
    """`stage` is where it truly stands; one that `began` in the pipeline is shown there for ever."""

    number: int
    candidate: int
    job: int
    stage: int
    began: int
    outcome: str = "PENDING"
    reason: int | None = None
    rejected: datetime | None = None
    created: datetime
    changed: datetime
    deleted: datetime | None = None


@attrs.frozen(kw_only=True)
class Note:
    number: int
    remote_id: int
    candidate: int
    application: int | None
    content: str
    changed: datetime
    deleted: datetime | None = None


@attrs.frozen(kw_only=True)
class File:
    number: int
    candidate: int
    application: int | None
    name: str
    kind: str
    media: str
    content: bytes = attrs.field(repr=False)
    created: datetime | None


@attrs.define(kw_only=True)
class Integration:
    """One customer's ATS as Kombo knows it."""

    tool: str
    code: str
    """The 24 characters after the tool's name."""
    stages: tuple[Named, ...]
    jobs: Store[Job]
    candidates: Store[Candidate]
    applications: Store[Application]
    notes: Store[Note]
    tags: Store[Named]
    files_of: Callable[[int], list[File]]
    """The files that a candidate had from the beginning."""
    files: list[File] = attrs.field(factory=list)
    links: int = 0
    syncs: int = 0
    webhooks: int = 0
    fields: dict[str, list[Row]] = attrs.field(factory=catalogue.definitions)
    values: dict[tuple[str, int], dict[int, Any]] = attrs.field(factory=catalogue.values)
    ids: Ids = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.ids = Ids(self.id)

    @property
    def id(self) -> str:
        return f"{self.tool}:{self.code}"

    @property
    def avionte(self) -> bool:
        return self.tool == "avionte"

    def shown_stage(self, application: Application) -> Named:
        """Avionté's pipeline has one face, wherever in it the application stands."""
        in_pipeline = self.avionte and application.began == catalogue.PIPELINE
        return self.stages[catalogue.PIPELINE if in_pipeline else application.stage]


@attrs.define(kw_only=True)
class State:
    credentials: dict[str, str] = attrs.field(repr=False)
    integrations: dict[str, Integration]
    switches: Switches = attrs.field(factory=Switches)
    multi_query: Counted
    keys_at_resources: int = 0
    """How often somebody sent a key to where files are downloaded."""


def seen_from(state: State, now: datetime, after: timedelta = timedelta()) -> datetime:
    """When the lists show what is done now."""
    return now + max(after, timedelta(seconds=state.switches.lag_seconds))


def stamp(moment: datetime | None) -> str | None:
    """Milliseconds and Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
