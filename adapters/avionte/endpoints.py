"""Every call that is made through the passthrough; paths are relative to Avionté's front office API.

"page" is the internal page of an integrator that names these paths; no public document has them.
"""

from typing import Any, TypeVar

from msgspec import Raw

from adapters.avionte import wire
from adapters.kombo.endpoints import ACTIONS, BULK
from adapters.kombo.passthrough import Changed, Passed
from adapters.rest.endpoint import Endpoint, Wire

T = TypeVar("T")

PUBLIC_REFERENCE = "Avionté's public reference"
PUBLIC_CLIENT = "a public client of Avionté's API"
PAGE = "page, the answer assumed"

_RECORD = Changed[wire.Keyed | list[Raw]]


def _public(
    name: str,
    method: str,
    path: str,
    reply: type[T],
    source: str = PUBLIC_REFERENCE,
    *,
    repeatable: bool = True,
    host: str = ACTIONS,
) -> Endpoint[T]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=reply,
        repeatable=repeatable,
        wire=Wire.SOURCED,
        source=source,
        host=host,
    )


def _assumed(name: str, method: str, path: str, reply: type[T], source: str = PAGE) -> Endpoint[T]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=reply,
        repeatable=method == "GET",
        wire=Wire.ASSUMED,
        source=source,
        host=ACTIONS,
    )


# Jobs
JOBS_BY_IDS = _public("jobs_by_ids", "POST", "/jobs/multi-query", Passed[list[wire.Keyed]], host=BULK)
JOB = _public("job", "GET", "/job/{job_id}", Passed[wire.Keyed])

# Candidates
TALENT = _public("talent", "GET", "/talent/{candidate_id}", Passed[wire.Talent])
ACTIVITY_TYPES = _public(
    "activity_types", "GET", "/talent/activity-types", Passed[list[wire.ActivityType]], PUBLIC_CLIENT
)
ADD_ACTIVITY = _public("add_activity", "POST", "/talent/{candidate_id}/activity", Changed[wire.Note], repeatable=False)
ADD_NOTE = _assumed("add_candidate_note", "POST", "/candidate/{candidate_id}/note", Changed[wire.Note])

# Custom fields
JOB_FIELDS = _assumed("job_fields", "GET", "/job/customDetailDefinitions", Passed[list[wire.Keyed]])
SET_JOB_FIELD = _assumed(
    "set_job_field", "PATCH", "/job/{job_id}", _RECORD, "assumed after the page's other updates, which name no path"
)
CANDIDATE_FIELDS = _assumed("candidate_fields", "GET", "/candidate/customDetailDefinitions", Passed[list[wire.Keyed]])
CANDIDATE_VALUES = _assumed("candidate_values", "GET", "/candidate/{candidate_id}", Passed[wire.Keyed], "assumed")
SET_CANDIDATE_FIELD = _assumed("set_candidate_field", "PATCH", "/candidate/{candidate_id}", _RECORD)
APPLICATION_FIELDS = _assumed(
    "application_fields", "GET", "/application/customDetailDefinitions", Passed[list[wire.Keyed]]
)
APPLICATION_VALUES = _assumed(
    "application_values", "GET", "/application/{application_id}", Passed[wire.Keyed], "assumed"
)
SET_APPLICATION_FIELD = _assumed("set_application_field", "PATCH", "/application/{application_id}", _RECORD)

ENDPOINTS: tuple[Endpoint[Any], ...] = tuple(row for row in list(globals().values()) if isinstance(row, Endpoint))
"""All of them, in the order above."""
