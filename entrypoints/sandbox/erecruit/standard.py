"""The standard host's table of routes; `source` names the public source of a row, or says that it is assumed."""

from collections.abc import Callable
from typing import Any

from entrypoints.sandbox.erecruit import attachments, auth, candidates, custom_fields, notes, positions, submissions
from entrypoints.sandbox.erecruit.lists import IDS, PAGED
from entrypoints.sandbox.erecruit.manners import TokenManners
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.fields import TEXT, Field
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.wire import Ask, Reply

S1, S1_S3, ASSUMED = "sourced S1", "sourced S1, S3", "assumed"
CANDIDATES_ONLY = "sourced S1 for Candidate, else assumed"
NOT_POSITIONS = "sourced S1, its use for Position assumed"
# Flat bodies may come as forms, as the one public client sends them; JSON is the framework's default.
_FLAT = (Media.JSON, Media.FORM)

_Handler = Callable[[State, Ask], Reply]


def _get(path: str, handler: _Handler, source: str, **more: Any) -> Route[State]:
    return Route(method="GET", template=f"/webapi/{path}", handler=handler, source=source, **more)


def _rows(path: str, handler: _Handler, source: str, **more: Any) -> Route[State]:
    return _get(path, handler, source, rows=True, **more)


def _list(path: str, handler: _Handler, *filters: str) -> Route[State]:
    query = (*PAGED, *(Field(name, IDS) for name in filters))
    return _rows(path, handler, ASSUMED, pages=True, query=query)


def _applications(name: str, *, misspelled: bool) -> list[Route[State]]:
    """Two public clients spell the resource differently; an installation has one of the spellings."""

    def exists(state: State) -> bool:
        return state.switches.misspelled_application_route is misspelled

    # The page that misspells it shows the call that creates, and no other.
    read, write = (ASSUMED, "sourced S3") if misspelled else (S1, S1)
    create = Route(
        method="POST",
        template=f"/webapi/{name}",
        handler=submissions.create_application,
        source=write,
        media=_FLAT,
        body=submissions.APPLICATION_FIELDS,
        effect=True,
        exists=exists,
    )
    return [
        _get(f"{name}/{{id:int}}", submissions.get_application, read, exists=exists),
        _rows(f"{name}/Candidate/{{id:int}}", submissions.applications_of, read, exists=exists),
        create,
    ]


_LOGIN = Route[State](
    method="POST",
    template="/t/token",
    handler=auth.take_token,
    source="sourced S1, S2",
    media=(Media.FORM,),
    body=auth.TOKEN_FIELDS,
    login=True,
    manners=TokenManners(),
)

_WRITES = [
    Route[State](
        method="POST",
        template="/webapi/Candidate/Duplicate",
        handler=candidates.duplicates,
        source=S1_S3,
        media=_FLAT,
        body=candidates.DUPLICATE_FIELDS,
        rows=True,
    ),
    Route[State](
        method="PUT",
        template="/webapi/CustomField/{about}/{id:int}/{field:int}",
        handler=custom_fields.set_value,
        source=CANDIDATES_ONLY,
        media=_FLAT,
        body=custom_fields.VALUE_FIELDS,
        effect=True,
    ),
    Route[State](
        method="POST",
        template="/webapi/Note",
        handler=notes.add_note,
        source="assumed (body sourced S1)",
        media=(Media.JSON,),
        body=notes.NOTE_FIELDS,
        effect=True,
    ),
]

_READS = [
    _list("Position", positions.list_positions, "StatusIDs"),
    _rows("Position/InternallyPosted", positions.posted_internally, "sourced S1, S2"),
    _rows("Position/Status", positions.position_statuses, ASSUMED),
    _rows("Position/Type", positions.position_types, S1),
    _get("Position/{id:int}", positions.get_position, S1),
    _list("Submission", submissions.list_submissions, "PositionIDs", "StatusIDs"),
    _get("Submission/{id:int}", submissions.get_submission, ASSUMED),
    _list("Contact", candidates.list_contacts),
    _rows("Contact/Status", positions.contact_statuses, S1),
    _get("Contact/{id:int}", candidates.get_contact, "sourced S1 for client people, else assumed"),
    _list("Candidate", candidates.list_candidates),
    _get("Candidate/{id:int}", candidates.get_candidate, S1),
    _get("Company/{id:int}", positions.get_company, S1),
    _rows("Owner/{about}/{id:int}", positions.owners, NOT_POSITIONS),
    _get("Recruiter/ByEmail", positions.recruiter_by_email, S1, query=(Field("Email", TEXT, required=True),)),
    _get("Recruiter/{guid}", positions.recruiter, S1),
    _rows("Address/{about}/{id:int}", positions.addresses, NOT_POSITIONS),
    _get("Address/{about}/{id:int}/Default", positions.default_address, NOT_POSITIONS),
    _rows("AdSource/{about}", submissions.ad_sources, NOT_POSITIONS),
    _get("AdSource/{about}/{id:int}", submissions.ad_source_of, NOT_POSITIONS),
    _rows("Communication/Category", candidates.communication_categories, S1),
    _rows("Communication/ByAboutId/{about}/{id:int}", candidates.communications, S1),
    _rows("CustomField/{about}", custom_fields.definitions, CANDIDATES_ONLY),
    _rows("CustomField/{about}/{id:int}", custom_fields.values, CANDIDATES_ONLY),
    _rows("Note/{about}/{id:int}", notes.notes_of, ASSUMED),
    _rows("Attachment/Type", attachments.attachment_types, S1),
    _get("Attachment/{id:int}", attachments.get_attachment, S1),
    _get("Attachment/Content/{id:int}", attachments.attachment_content, S1),
    _rows("Attachment/{about}/{id:int}", attachments.attachments_of, CANDIDATES_ONLY),
]

ROUTES = (
    _LOGIN,
    *_WRITES,
    *_READS,
    *_applications("CandidateApplication", misspelled=False),
    *_applications("CandidateAplication", misspelled=True),
)
