"""Documents of a person: listed, uploaded in one of two ways, downloaded."""

import base64
import binascii
from pathlib import PurePath
from urllib.parse import quote

from entrypoints.sandbox.fields import BOOLEAN, FILE, INTEGER, NULLABLE_TEXT, TEXT, Field
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import DOCUMENT_TYPES, RESUME
from entrypoints.sandbox.tempworks.lists import PAGED, paged
from entrypoints.sandbox.tempworks.manners import missing, too_large, wrong
from entrypoints.sandbox.tempworks.noted import file_written
from entrypoints.sandbox.tempworks.state import Document, Row, State, add_document
from entrypoints.sandbox.wire import Ask, Reply

DOCUMENT = 9_001
MOST_BYTES = 26_214_400
LISTED = PAGED
UPLOAD_FIELDS = (
    Field("file", FILE, required=True),
    Field("documentTypeId", INTEGER),
    Field("description", TEXT),
    Field("documentName", TEXT),
    Field("isResume", BOOLEAN),
)
BASE64_FIELDS = (
    Field("fileName", TEXT, required=True),
    Field("fileType", TEXT, required=True),
    Field("documentTypeId", INTEGER),
    Field("description", NULLABLE_TEXT),
    Field("base64Content", TEXT, required=True),
)


def takes_multipart(state: State) -> bool:
    return state.switches.upload_mode == "multipart"


def takes_base64(state: State) -> bool:
    return not takes_multipart(state)


def documents_of(state: State, ask: Ask) -> Reply:
    person = records.employee(state, ask.params["id"])
    return paged(state, ask, state.documents_of.get(person.number, []), lambda one: _row(state, one))


def _row(state: State, one: Document) -> Row:
    return {
        "documentId": one.number,
        "documentDate": state.minute(one.at),
        "description": one.description,
        "fileType": PurePath(one.filename).suffix.lstrip("."),
        "documentTypeId": one.type,
        "documentType": DOCUMENT_TYPES[one.type],
        "documentName": one.name,
        "fileName": one.filename,
        "canBeDeleted": True,
        "canBeEdited": True,
    }


def upload(state: State, ask: Ask) -> Reply:
    file = ask.body["file"]
    return _keep(state, ask, file.filename, file.content, file.media)


def upload_base64(state: State, ask: Ask) -> Reply:
    try:
        content = base64.b64decode(ask.body["base64Content"], validate=True)
    except binascii.Error:
        raise wrong("base64Content", "The content is not base64.") from None
    return _keep(state, ask, ask.body["fileName"], content, "application/octet-stream")


def _keep(state: State, ask: Ask, filename: str, content: bytes, media: str) -> Reply:
    person, kind = records.employee(state, ask.params["id"]), ask.body.get("documentTypeId", 20)
    if len(content) > MOST_BYTES:
        raise too_large()
    if not content or not PurePath(filename).suffix:
        raise wrong("file", "A file that is not empty and a name with an extension are needed.")
    if kind not in DOCUMENT_TYPES:
        raise wrong("documentTypeId", "There is no such document type.")
    document = Document(
        number=records.next_id(state.documents, DOCUMENT),
        employee=person.number,
        type=kind,
        name=ask.body.get("documentName") or filename,
        filename=filename,
        description=ask.body.get("description"),
        media=media,
        content=content,
        at=ask.now,
    )
    add_document(state, document)
    person.modified = ask.now
    if ask.body.get("isResume") or kind == RESUME:
        person.resume = document.number
    target = ("candidate", str(person.number))
    return Reply(status=201, body={"documentId": document.number}, wrote=file_written(state, document.number, target))


def download(state: State, ask: Ask) -> Reply:
    person = records.employee(state, ask.params["id"])
    document = state.documents.get(ask.params["document"])
    if document is None or document.employee != person.number:
        raise missing()
    if state.switches.files_elsewhere:
        return Reply(status=302, headers={"Location": f"{state.urls['files']}/{document.number}"})
    plain = document.filename.encode("ascii", "replace").decode().replace('"', "'")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.filename, safe='')}"
    return Reply(body=document.content, media=document.media, headers={"Content-Disposition": disposition})
