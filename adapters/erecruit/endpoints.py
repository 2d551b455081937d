"""Every call that is made. `<words>` in a path are the customer's (settings `resources` and `assumed`).

"public client erclient" is the MIT-licensed Python client of that name, written against a live server.
"""

from typing import Any, TypeAlias, TypeVar, cast

from msgspec import Raw

from adapters.erecruit import wire
from adapters.rest.endpoint import Endpoint, Wire, of_records

T = TypeVar("T")
Rows: TypeAlias = wire.Listing | list[Raw]

STANDARD, LEGACY = "standard", "legacy"
ERCLIENT = "public client erclient"
_FOR_JOBS = f"path {ERCLIENT}, that jobs have one assumed"
_ROWS = cast("type[Rows]", Rows)


def _public(
    name: str, method: str, path: str, reply: type[T], source: str = ERCLIENT, *, repeatable: bool = True
) -> Endpoint[T]:
    return Endpoint(
        name=name, method=method, path=path, reply=reply, repeatable=repeatable, wire=Wire.SOURCED, source=source
    )


def _assumed(
    name: str, method: str, path: str, reply: type[T], source: str = "assumed", *, host: str = STANDARD
) -> Endpoint[T]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=reply,
        repeatable=method == "GET",
        wire=Wire.ASSUMED,
        source=source,
        host=host,
    )


LEGACY_LOG_IN: Endpoint[wire.LegacyToken] = Endpoint(
    name="legacy_log_in",
    method="POST",
    path="/Authenticate",
    reply=wire.LegacyToken,
    repeatable=True,
    wire=Wire.ASSUMED,
    source="assumed, after the log-in of the vendor's older REST 1.0",
    host=LEGACY,
)

# Jobs
LIST_JOBS = of_records(_assumed("list_jobs", "GET", "/Position", _ROWS, "assumed list of public records"))
JOB = _public("job", "GET", "/Position/{job_id}", wire.Position)
COMPANY = _public("company", "GET", "/Company/{company_id}", wire.Company)
CLIENT_CONTACT = _public("client_contact", "GET", "/Contact/{contact_id}", wire.Person)
OWNERS = _assumed("owners", "GET", "/Owner/<job>/{job_id}", list[wire.Owner], _FOR_JOBS)
RECRUITER = _public("recruiter", "GET", "/Recruiter/{recruiter_id}", wire.Recruiter)
JOB_ADDRESS = _assumed("job_address", "GET", "/Address/<job>/{job_id}/Default", wire.Address, _FOR_JOBS)

# Candidates
LIST_CANDIDATES = of_records(
    _assumed("list_candidates", "GET", "/<candidates>", _ROWS, "assumed list of public records")
)
CANDIDATE = _public("candidate", "GET", "/<candidates>/{candidate_id}", wire.Person)
COMMUNICATIONS = _public(
    "communications", "GET", "/Communication/ByAboutId/<candidate>/{candidate_id}", list[wire.Communication]
)
DUPLICATES = _public("duplicates", "POST", "/Candidate/Duplicate", list[wire.Person])
CANDIDATE_FILES = _public("candidate_files", "GET", "/Attachment/<candidate>/{candidate_id}", list[wire.Attachment])
FILE_CONTENT = _public("file_content", "GET", "/Attachment/Content/{file_id}", bytes)

# Applications
LIST_APPLICATIONS = of_records(_assumed("list_applications", "GET", "/<applications>", _ROWS))
APPLICATION = _assumed("application", "GET", "/<applications>/{application_id}", wire.Submission)
CANDIDATE_APPLICATIONS = _public(
    "candidate_applications",
    "GET",
    "/CandidateApplication/Candidate/{candidate_id}",
    list[wire.CandidateApplication],
)
CANDIDATE_APPLICATIONS_MISSPELLED = _assumed(
    "candidate_applications_misspelled",
    "GET",
    "/CandidateAplication/Candidate/{candidate_id}",
    list[wire.CandidateApplication],
    "assumed where the installation spells it so",
)
CREATE_APPLICATION = _public(
    "create_application", "POST", "/CandidateApplication", wire.CandidateApplication, repeatable=False
)
CREATE_APPLICATION_MISSPELLED = _public(
    "create_application_misspelled",
    "POST",
    "/CandidateAplication",
    wire.CandidateApplication,
    "Staffing Future's public notes on eRecruit, which spell it so",
    repeatable=False,
)
STATUSES = _assumed("statuses", "GET", "/<applications>/Status", list[wire.Status], host=LEGACY)
MOVE = _assumed("move", "PUT", "/<applications>/{application_id}/Status", wire.Moved, host=LEGACY)
REASONS = _assumed("reasons", "GET", "/<applications>/DispositionReason", list[wire.Reason], host=LEGACY)
REJECT = _assumed("reject", "PUT", "/<applications>/{application_id}/Reject", wire.Rejected, host=LEGACY)

# Notes and files
ADD_NOTE = _assumed("add_note", "POST", "/Note", wire.Note, f"body {ERCLIENT}, path and answer assumed")
APPLICATION_NOTES = _assumed("application_notes", "GET", "/Note/<application>/{application_id}", list[wire.Note])
CANDIDATE_NOTES = _assumed("candidate_notes", "GET", "/Note/<candidate>/{candidate_id}", list[wire.Note])
UPLOAD = _assumed(
    "upload", "POST", "/Attachment", wire.Attachment, "assumed, after the upload of REST 1.0", host=LEGACY
)
APPLICATION_FILES = _assumed(
    "application_files", "GET", "/Attachment/<application>/{application_id}", list[wire.Attachment]
)

# Tags
TAGS = _assumed("tags", "GET", "/Tag", list[wire.Tag], host=LEGACY)
CANDIDATE_TAGS = _assumed("candidate_tags", "GET", "/Tag/<candidate>/{candidate_id}", list[wire.Tag], host=LEGACY)
ADD_TAG = _assumed("add_tag", "POST", "/Tag/<candidate>/{candidate_id}", wire.Tag, host=LEGACY)

# Custom fields: public for candidates, and assumed to be the same for the others
CANDIDATE_FIELDS = _public("candidate_fields", "GET", "/CustomField/<candidate>", list[wire.FieldDefinition])
CANDIDATE_VALUES = _public("candidate_values", "GET", "/CustomField/<candidate>/{candidate_id}", list[wire.FieldValue])
SET_CANDIDATE_FIELD = _public(
    "set_candidate_field",
    "PUT",
    "/CustomField/<candidate>/{candidate_id}/{field_id}",
    wire.FieldValue,
    repeatable=False,
)
APPLICATION_FIELDS = _assumed("application_fields", "GET", "/CustomField/<application>", list[wire.FieldDefinition])
APPLICATION_VALUES = _assumed(
    "application_values", "GET", "/CustomField/<application>/{application_id}", list[wire.FieldValue]
)
SET_APPLICATION_FIELD = _assumed(
    "set_application_field", "PUT", "/CustomField/<application>/{application_id}/{field_id}", wire.FieldValue
)
JOB_FIELDS = _assumed("job_fields", "GET", "/CustomField/<job>", list[wire.FieldDefinition])
JOB_VALUES = _assumed("job_values", "GET", "/CustomField/<job>/{job_id}", list[wire.FieldValue])
SET_JOB_FIELD = _assumed("set_job_field", "PUT", "/CustomField/<job>/{job_id}/{field_id}", wire.FieldValue)

ENDPOINTS: tuple[Endpoint[Any], ...] = tuple(row for row in list(globals().values()) if isinstance(row, Endpoint))
"""All of them, in the order above."""
