"""Every call that is made of Kombo's own surface."""

from typing import Any, TypeVar

from adapters.kombo import wire
from adapters.rest.endpoint import Endpoint, Wire, of_records

T = TypeVar("T")

STANDARD, ACTIONS, BULK, FILES = "standard", "actions", "bulk", "files"
"""Three ways to one address (reads of the synced copy; what is counted as an action; bulk reads of an ATS), and one to
the addresses of files."""

SDK = "PyPI kombo 1.4.0"


def _read(name: str, path: str, reply: type[T], host: str = STANDARD) -> Endpoint[T]:
    return Endpoint(
        name=name, method="GET", path=path, reply=reply, repeatable=True, wire=Wire.SOURCED, source=SDK, host=host
    )


def _action(name: str, method: str, path: str, reply: type[T]) -> Endpoint[T]:
    return Endpoint(
        name=name, method=method, path=path, reply=reply, repeatable=False, wire=Wire.SOURCED, source=SDK, host=ACTIONS
    )


CHECK_KEY = _read("check_key", "/check-api-key", wire.KeyChecked)

# Jobs
LIST_JOBS = of_records(_read("list_jobs", "/ats/jobs", wire.Page))
LIST_STAGES = _read("list_stages", "/ats/application-stages", wire.Page)

# Candidates
LIST_CANDIDATES = of_records(_read("list_candidates", "/ats/candidates", wire.Page))
CANDIDATE_FILES = _read("candidate_files", "/ats/candidates/{candidate_id}/attachments", wire.Attachments, host=ACTIONS)
FILE_CONTENT: Endpoint[bytes] = Endpoint(
    name="file_content",
    method="GET",
    path="",
    reply=bytes,
    repeatable=True,
    wire=Wire.ASSUMED,
    source=f"{SDK}: data_url; that it needs no key is assumed",
    host=FILES,
)
"""Under an address out of a reply, so without a path of its own."""

# Applications
LIST_APPLICATIONS = of_records(_read("list_applications", "/ats/applications", wire.Page))
LIST_REASONS = _read("list_reasons", "/ats/rejection-reasons", wire.Page)
LIST_NOTES = _read("list_notes", "/ats/notes", wire.Page)
APPLICATION_FILES = _read(
    "application_files", "/ats/applications/{application_id}/attachments", wire.Attachments, host=ACTIONS
)
CREATE_APPLICATION = _action("create_application", "POST", "/ats/jobs/{job_id}/applications", wire.Created)
MOVE = _action("move", "PUT", "/ats/applications/{application_id}/stage", wire.Done)
REJECT = _action("reject", "POST", "/ats/applications/{application_id}/reject", wire.Done)

# Marks
ADD_NOTE = _action("add_note", "POST", "/ats/applications/{application_id}/notes", wire.Done)
ADD_APPLICATION_FILE = _action(
    "add_application_file", "POST", "/ats/applications/{application_id}/attachments", wire.Done
)
ADD_CANDIDATE_FILE = _action("add_candidate_file", "POST", "/ats/candidates/{candidate_id}/attachments", wire.Done)
ADD_TAG = _action("add_tag", "POST", "/ats/candidates/{candidate_id}/tags", wire.Done)
ADD_LINK = _action("add_link", "POST", "/ats/applications/{application_id}/result-links", wire.Done)

ENDPOINTS: tuple[Endpoint[Any], ...] = tuple(row for row in list(globals().values()) if isinstance(row, Endpoint))
"""All of them, in the order above."""
