"""Files: uploaded as base64, listed live, and downloaded from where no key is wanted."""

import base64
import binascii
from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.fields import OBJECT, TEXT, Field, matching, object_of, one_of
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.auth import integration, permit
from entrypoints.sandbox.kombo.manners import answered, missing, wrong
from entrypoints.sandbox.kombo.state import File, Integration, State, stamp
from entrypoints.sandbox.wire import Ask, Reply, Write

Row = dict[str, Any]

# Kombo recommends to stay below this; that more is refused is assumed.
MOST_BYTES = 10_000_000
FILE = object_of(
    Field("name", TEXT, required=True),
    Field("type", one_of("CV", "COVER_LETTER", "OTHER"), required=True),
    Field("content_type", matching("a media type", r"[\w.-]+\/[\w.-]+")),
    Field("data", TEXT),
    Field("data_url", TEXT),
)
UPLOAD_FIELDS = (Field("attachment", FILE, required=True), Field("remote_fields", OBJECT))
_FIRST_UPLOAD = 10**9
_FIRST_REMOTE_ID = 9_001


@attrs.frozen(kw_only=True)
class Given:
    name: str
    kind: str
    media: str
    content: bytes = attrs.field(repr=False)


def read(given: Row) -> Given:
    if "data_url" in given or "data" not in given:
        raise wrong(
            "attachment: exactly one of data and data_url is needed, and this emulated system downloads nothing."
        )
    if "content_type" not in given or not given["name"]:
        raise wrong("attachment: name and content_type are needed with data.")
    try:
        content = base64.b64decode(given["data"], validate=True)
    except (binascii.Error, ValueError):
        raise wrong("attachment.data: this is not base64.") from None
    if not 0 < len(content) <= MOST_BYTES:
        raise wrong("attachment.data: an empty file, or one of more than 10 MB.")
    return Given(name=given["name"], kind=given["type"], media=given["content_type"], content=content)


def keep(office: Integration, candidate: int, application: int | None, given: Given, now: datetime) -> File:
    file = File(
        number=_FIRST_UPLOAD + len(office.files),
        candidate=candidate,
        application=application,
        name=given.name,
        kind=given.kind,
        media=given.media,
        content=given.content,
        created=now,
    )
    office.files.append(file)
    return file


def attach_to_application(state: State, ask: Ask) -> Reply:
    """Some systems know files of people only: then it ends there."""
    permit(state, "file")
    office = integration(state, ask)
    application = records.application(office, ask.params["application"])
    elsewhere = office.avionte and state.switches.files_on_candidate
    holder = None if elsewhere else application.number
    return _attached(office, keep(office, application.candidate, holder, read(ask.body["attachment"]), ask.now))


def attach_to_candidate(state: State, ask: Ask) -> Reply:
    permit(state, "file")
    office = integration(state, ask)
    candidate = records.candidate(office, ask.params["candidate"])
    return _attached(office, keep(office, candidate.number, None, read(ask.body["attachment"]), ask.now))


def _attached(office: Integration, file: File) -> Reply:
    target = ("candidate", office.ids.of("candidate", file.candidate))
    if file.application is not None:
        target = ("application", office.ids.of("application", file.application))
    wrote = Write(kind="file", target=target, id=_id(office, file), content=file.content, name=file.name)
    return answered({}, wrote)


def files_of_candidate(state: State, ask: Ask) -> Reply:
    """Those of all the candidate's applications too."""
    permit(state, "read_files")
    office = integration(state, ask)
    candidate = records.candidate(office, ask.params["candidate"])
    owners = {"candidate_id": office.ids.of("candidate", candidate.number)}
    rows = [
        _shown(ask, office, file) | {"application_id": _application_id(office, file)} | owners
        for file in _all(office, candidate.number)
    ]
    return answered({"results": rows})


def files_of_application(state: State, ask: Ask) -> Reply:
    """The candidate's, where the system keeps them there."""
    permit(state, "read_files")
    office = integration(state, ask)
    application = records.application(office, ask.params["application"])
    kept_by_candidate = office.avionte and state.switches.files_on_candidate
    rows = [
        _shown(ask, office, file)
        for file in _all(office, application.candidate)
        if file.application == application.number or kept_by_candidate
    ]
    return answered({"results": rows})


def download(state: State, ask: Ask) -> Reply:
    """Needs no key, and remembers who sends one all the same."""
    if ask.authorization:
        state.keys_at_resources += 1
    for office in state.integrations.values():
        number = office.ids.number("attachment", ask.params["file"])
        file = None if number is None else _file(office, number)
        if file is not None:
            return Reply(body=file.content, media=file.media)
    raise missing("file")


def _all(office: Integration, candidate: int) -> list[File]:
    return [*office.files_of(candidate), *(file for file in office.files if file.candidate == candidate)]


def _file(office: Integration, number: int) -> File | None:
    if number >= _FIRST_UPLOAD:
        at = number - _FIRST_UPLOAD
        return office.files[at] if at < len(office.files) else None
    return next((file for file in office.files_of(number // 10) if file.number == number), None)


def _id(office: Integration, file: File) -> str:
    return office.ids.of("attachment", file.number)


def _application_id(office: Integration, file: File) -> str | None:
    return None if file.application is None else office.ids.of("application", file.application)


def _shown(ask: Ask, office: Integration, file: File) -> Row:
    return {
        "id": _id(office, file),
        "type": file.kind,
        "remote_id": str(_FIRST_REMOTE_ID + file.number),
        "data_url": f"http://{ask.headers['Host']}/resources/{_id(office, file)}",
        "file_name": file.name,
        "content_type": file.media,
        "remote_created_at": stamp(file.created),
        "remote_updated_at": None,
    }
