"""Files: read on the standard host, uploaded on the legacy one, each upload of a known name a new version."""

from pathlib import PurePath

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import ABOUT_NUMBERS, ATTACHMENT_TYPES
from entrypoints.sandbox.erecruit.manners import invalid, missing, wrong
from entrypoints.sandbox.erecruit.state import About, Attachment, Row, State
from entrypoints.sandbox.fields import FILE, INTEGER, TEXT, Field
from entrypoints.sandbox.wire import Ask, Refusal, Reply, Write

UPLOAD_FIELDS = (
    Field("ReferenceID", INTEGER, required=True),
    Field("AboutType", TEXT, required=True),
    Field("AttachmentTypeID", INTEGER, required=True),
    Field("Name", TEXT, required=True),
    Field("file", FILE, required=True),
)
_WORDS = {"candidate": "Candidate", "contact": "Contact", "job": "Position", "application": "Submission"}


def attachments_of(state: State, ask: Ask) -> Reply:
    about = records.asked_about(state, ask)
    return Reply(body=[kept.row for kept in state.attached.get(about, ())])


def get_attachment(state: State, ask: Ask) -> Reply:
    return Reply(body=_kept(state, ask).row)


def attachment_content(state: State, ask: Ask) -> Reply:
    """Bytes whose type says nothing: the name has to."""
    return Reply(body=_kept(state, ask).content, media="application/octet-stream")


def attachment_types(_state: State, _ask: Ask) -> Reply:
    rows = [
        {"ID": number, "Name": name, "ApplicableTo": list(applicable)}
        for number, (name, applicable) in ATTACHMENT_TYPES.items()
    ]
    return Reply(body=rows)


def _kept(state: State, ask: Ask) -> Attachment:
    number = ask.params["id"]
    if number not in state.attachments:
        raise missing("Attachment", number)
    return state.attachments[number]


def upload(state: State, ask: Ask) -> Reply:
    body = ask.body
    if body["AboutType"].casefold() not in {word.casefold() for word in _WORDS.values()}:
        raise wrong("AboutType", f"Unknown AboutType {body['AboutType']}.")
    about = records.about(state, body["AboutType"], body["ReferenceID"])
    _refuse_type(about, body["AttachmentTypeID"])
    if not PurePath(body["Name"]).suffix or not body["file"].content:
        raise Refusal(invalid("body", {"file": ["A name with an extension and a file that is not empty are needed."]}))
    content = body["file"].content
    row = keep(state, about, body["Name"], body["AttachmentTypeID"], content, state.local(ask.now))
    wrote = Write(kind="file", target=about.target, id=str(row["ID"]), content=content, name=body["Name"])
    answer = {name: value for name, value in row.items() if name != "AddedByID"}
    return Reply(status=201, body=answer, wrote=wrote)


def _refuse_type(about: About, kind: int) -> None:
    if kind not in ATTACHMENT_TYPES:
        raise wrong("AttachmentTypeID", f"Unknown attachment type {kind}.")
    if ABOUT_NUMBERS[about.kind] not in ATTACHMENT_TYPES[kind][1]:
        raise wrong("AttachmentTypeID", f"Attachment type {kind} does not apply to {_WORDS[about.kind]}.")


def keep(state: State, about: About, name: str, kind: int, content: bytes, now: str) -> Row:
    """The same name again makes a new version, and only that one is the newest."""
    beside = state.attached.setdefault(about, [])
    older = [kept.row for kept in beside if kept.row["Name"] == name]
    for row in older:
        row["IsNewestVersion"] = False
    number = 990 + len(state.attachments)
    row = {
        "ID": number,
        "Name": name,
        "Version": len(older) + 1,
        "TypeID": kind,
        "Type": ATTACHMENT_TYPES[kind][0],
        "Extension": PurePath(name).suffix,
        "IsNewestVersion": True,
        "DateAdded": now,
        "AboutType": _WORDS[about.kind],
        "Description": None,
        "AddedByID": "6e5ab85a-0000-4000-8000-000000000001",
    }
    state.attachments[number] = Attachment(about=about, row=row, content=content)
    beside.append(state.attachments[number])
    return row
