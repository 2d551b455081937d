"""Bodies: the same bytes whenever they are sent, and answers read by their bytes alone."""

from email.parser import BytesParser
from email.policy import HTTP
from types import NoneType
from typing import Any

import attrs
import pytest

from adapters.rest.answer import Unreadable, decode
from adapters.rest.body import Body, File, form_body, json_body, multipart_body
from adapters.rest.endpoint import Endpoint
from ports.errors import MalformedReplyError
from tests.rest.raw_server import reply, reset, serving
from tests.rest.rig import PATH, Begun, Person, calling, read, row

PDF = File("file", "report.pdf", b"%PDF-1.7\x00\xff\r\n--x\r\n%%EOF", "application/pdf")
LARGE = multipart_body({"kind": "report"}, attrs.evolve(PDF, content=bytes(range(256)) * 4 * 1024))
UPLOADS = [json_body({"a": "é"}), form_body({"a": "é&="}), multipart_body({"kind": "report"}, PDF), LARGE]


@attrs.frozen
class Nested:
    people: list[Person]
    by_name: dict[str, Person]


@pytest.mark.parametrize("body", UPLOADS, ids=["json", "form", "multipart", "large"])
async def test_a_repeated_upload_sends_the_same_bytes(body: Body) -> None:
    upload: Endpoint[Person] = row("PUT", repeatable=True)
    async with serving(reply(503), reset, reply()) as server, calling(server.url) as api:
        await api.call(upload, path=PATH, body=body)

    assert len(server.seen) >= 3
    assert {seen.body for seen in server.seen} == {body.content}
    assert {seen.headers["content-type"] for seen in server.seen} == {body.content_type}
    assert {seen.headers["content-length"] for seen in server.seen} == {str(len(body.content))}


async def test_a_repeated_unsafe_upload_sends_the_same_bytes() -> None:
    async with serving(reply(429), reply()) as server, calling(server.url) as api:
        await api.call(row("POST"), path=PATH, body=UPLOADS[2], attempt=Begun())

    assert [seen.body for seen in server.seen] == [UPLOADS[2].content] * 2


def parts(body: Body) -> list[Any]:
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    return list(BytesParser(policy=HTTP).parsebytes(head + body.content).iter_parts())


def test_multipart_is_read_back_as_it_was_meant() -> None:
    kind, file = parts(multipart_body({"kind": "report"}, attrs.evolve(PDF, content=b"%PDF plain %%EOF")))

    assert kind.get_param("name", header="content-disposition") == "kind"
    assert kind.get_payload(decode=True) == b"report"
    assert file.get_filename() == "report.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == b"%PDF plain %%EOF"


def test_multipart_is_the_same_for_the_same_and_other_for_other_content() -> None:
    again, other = multipart_body({"kind": "report"}, PDF), multipart_body({"kin": "dreport"}, PDF)

    assert again == UPLOADS[2]
    assert other.content_type != again.content_type


def test_a_file_name_cannot_write_headers() -> None:
    body = multipart_body({'a"b': "1"}, attrs.evolve(PDF, filename='a"\r\nX-Evil: 1.pdf'))

    assert b"\nX-Evil" not in body.content
    assert b'filename="a%22%0D%0AX-Evil: 1.pdf"' in body.content
    assert b'name="a%22b"' in body.content


async def test_an_answer_beyond_its_limit_is_malformed() -> None:
    async with serving(reply(200, b'"' + b"x" * 998 + b'"')) as server, calling(server.url) as api:
        assert len(await read(api, row(reply=str, largest=1000))) == 998
        with pytest.raises(MalformedReplyError):
            await read(api, row(reply=str, largest=999))

    assert len(server.seen) == 2


BAD = {
    "truncated": (b'{"name": "An', "$"),
    "a page": (b"<html>", "$"),
    "nothing": (b"", "$"),
    "null": (b"null", "$"),
    "null in a field": (b'{"name": null}', "$.name"),
    "another type": (b'{"name": "Ann", "age": "33"}', "$.age"),
    "missing": (b'{"age": 3}', "$.name"),
    "bad UTF-8": (b'{"name": "\xff\xfe"}', "$"),
    "very deep": (b"[" * 100_000, "$"),
    "two values": (b'{"name": "Ann"} {}', "$"),
}


@pytest.mark.parametrize(("body", "path"), BAD.values(), ids=BAD)
async def test_what_does_not_fit_is_malformed_and_says_where(body: bytes, path: str) -> None:
    async with serving(reply(200, body, Content_Type="application/json")) as server, calling(server.url) as api:
        with pytest.raises(MalformedReplyError) as raised:
            await read(api)

    assert raised.value.path == path
    assert len(server.seen) == 1


def test_a_path_names_no_key_of_the_vendors() -> None:
    inner = decode(Nested, b'{"people": [{"name": "A"}], "by_name": {"canary": {"name": 7}}}')

    assert inner == Unreadable("$.by_name[...].name")


def test_null_is_no_text_no_list_and_no_object() -> None:
    for field in ("people", "by_name"):
        good = {"people": "[]", "by_name": "{}"} | {field: "null"}
        text = ",".join(f'"{name}":{value}' for name, value in good.items())
        assert decode(Nested, f"{{{text}}}".encode()) == Unreadable(f"$.{field}")


@pytest.mark.parametrize(
    ("reply_type", "body", "value"),
    [
        (Person, b'\xef\xbb\xbf{"name": "Ann", "age": null, "other": 1}', Person("Ann")),
        (bytes, b"<html>a resume</html>", b"<html>a resume</html>"),
        (NoneType, b"anything", None),
        (NoneType, b"", None),
    ],
)
def test_bodies_are_read_whatever_their_content_type(reply_type: type[Any], body: bytes, value: object) -> None:
    assert decode(reply_type, body) == value


async def test_an_answer_gives_status_and_headers_too() -> None:
    resume: Endpoint[bytes] = row(reply=bytes)
    async with serving(reply(203, b"%PDF", Content_Type="application/pdf")) as server, calling(server.url) as api:
        answered = await api.answer(resume, path=PATH)

    assert (answered.status, answered.body, answered.decoded) == (203, b"%PDF", b"%PDF")
    assert answered.headers["content-type"] == "application/pdf"
