"""The legacy host's table of routes: all of it is assumed, for no public source describes that host's calls."""

from collections.abc import Callable

from entrypoints.sandbox.erecruit import attachments, auth, stages, tags
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.fields import Field
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.wire import Ask, Reply

METHODS = frozenset({"GET", "POST", "PUT"})
_Handler = Callable[[State, Ask], Reply]


def _rows(path: str, handler: _Handler, query: tuple[Field, ...] = ()) -> Route[State]:
    return Route(method="GET", template=f"/api/{path}", handler=handler, source="assumed", rows=True, query=query)


def _effect(
    method: str, path: str, handler: _Handler, body: tuple[Field, ...], media: Media = Media.JSON
) -> Route[State]:
    return Route(
        method=method,
        template=f"/api/{path}",
        handler=handler,
        source="assumed",
        media=(media,),
        body=body,
        effect=True,
    )


ROUTES = (
    Route[State](
        method="POST",
        template="/api/Authenticate",
        handler=auth.authenticate,
        source="assumed",
        media=(Media.JSON,),
        body=auth.AUTHENTICATE_FIELDS,
        login=True,
    ),
    _rows("Submission/Status", stages.submission_statuses),
    _rows("Submission/DispositionReason", stages.disposition_reasons),
    _effect("PUT", "Submission/{id:int}/Status", stages.move, stages.MOVE_FIELDS),
    _effect("PUT", "Submission/{id:int}/Reject", stages.reject, stages.REJECT_FIELDS),
    _effect("POST", "Attachment", attachments.upload, attachments.UPLOAD_FIELDS, Media.MULTIPART),
    _rows("Tag", tags.known_tags, tags.TAG_QUERY),
    _rows("Tag/{about}/{id:int}", tags.tags_of),
    _effect("POST", "Tag/{about}/{id:int}", tags.add_tag, tags.TAG_FIELDS),
)
