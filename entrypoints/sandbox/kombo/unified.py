"""Kombo's table of routes; `source` names the public source of a row, or says that it is assumed."""

from collections.abc import Callable
from typing import Any

from entrypoints.sandbox.fields import Field
from entrypoints.sandbox.kombo import (
    applications,
    attachments,
    avionte,
    candidates,
    integrations,
    jobs,
    notes,
    stages,
    tags,
)
from entrypoints.sandbox.kombo.lists import PAGED
from entrypoints.sandbox.kombo.passthrough import carried, passthrough
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.wire import Ask, Reply

SDK = "sourced SDK"

_Handler = Callable[[State, Ask], Reply]


def _list(name: str, handler: _Handler, query: tuple[Field, ...] = PAGED) -> Route[State]:
    return Route(
        method="GET",
        template=f"/v1/ats/{name}",
        handler=handler,
        source=SDK,
        query=query,
        rows=True,
        pages=True,
        exact=True,
    )


def _live(path: str, handler: _Handler) -> Route[State]:
    template = f"/v1/ats/{path}/attachments"
    return Route(method="GET", template=template, handler=handler, source=SDK, rows=True, action=True, exact=True)


def _action(path: str, handler: _Handler, body: tuple[Field, ...], method: str = "POST") -> Route[State]:
    return Route(
        method=method,
        template=f"/v1/ats/{path}",
        handler=handler,
        source=SDK,
        media=(Media.JSON,),
        body=body,
        effect=True,
        action=True,
        exact=True,
    )


def _plain(method: str, path: str, handler: _Handler, **more: Any) -> Route[State]:
    return Route(method=method, template=path, handler=handler, exact=True, **{"source": SDK, **more})


ROUTES = (
    _list("jobs", jobs.list_jobs, jobs.JOB_QUERY),
    _list("applications", applications.list_applications, applications.APPLICATION_QUERY),
    _list("candidates", candidates.list_candidates, candidates.CANDIDATE_QUERY),
    _list("application-stages", stages.list_stages),
    _list("rejection-reasons", stages.list_reasons),
    _list("notes", notes.list_notes, notes.NOTE_QUERY),
    _list("tags", tags.list_tags),
    _live("candidates/{candidate}", attachments.files_of_candidate),
    _live("applications/{application}", attachments.files_of_application),
    _action("applications/{application}/stage", stages.move, stages.MOVE_FIELDS, "PUT"),
    _action("applications/{application}/reject", stages.reject, stages.REJECT_FIELDS),
    _action("applications/{application}/notes", notes.add_note, notes.NOTE_FIELDS),
    _action("applications/{application}/attachments", attachments.attach_to_application, attachments.UPLOAD_FIELDS),
    _action("applications/{application}/result-links", tags.link_application, tags.LINK_FIELDS),
    _action("candidates/{candidate}/attachments", attachments.attach_to_candidate, attachments.UPLOAD_FIELDS),
    _action("candidates/{candidate}/tags", tags.add_tag, tags.TAG_FIELDS),
    _action("candidates/{candidate}/tags", tags.remove_tag, tags.TAG_FIELDS, "DELETE"),
    _action("candidates/{candidate}/result-links", tags.link_candidate, tags.LINK_FIELDS),
    _action("jobs/{job}/applications", applications.create_application, applications.CREATE_FIELDS),
    _action("candidates", applications.create_candidate, applications.CREATE_PERSON_FIELDS),
    _plain("GET", "/v1/check-api-key", integrations.check_key),
    _plain("GET", "/v1/integrations/{integration}", integrations.details),
    _plain("POST", "/v1/force-sync", integrations.force_sync, media=(Media.JSON,), body=integrations.SYNC_FIELDS),
    _plain("GET", "/resources/{file}", attachments.download, source="assumed", open=True),
    passthrough(avionte.ROWS),
)
CARRIED = carried(avionte.ROWS)
