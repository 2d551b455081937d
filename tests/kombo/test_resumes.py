"""Resumes lie at addresses out of replies: asked without our key, and nothing on a network of one's own is reached."""

from contextlib import AsyncExitStack
from ipaddress import ip_network
from typing import Any

import pytest

from adapters.rest.sessions import guarded
from domain.ids import CandidateId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from ports.errors import MalformedReplyError, NotFoundError, PortError, UnavailableError
from ports.gateway import Gateway, need
from tests.kombo.rig import CREDENTIALS, opened, over, said
from tests.rest.raw_server import RawServer, reply, serving
from tests.rest.tls import Names, server_context, trusting

PERSON = CandidateId("cand1")
LOOPBACK = [ip_network("127.0.0.0/8")]
PDF = b"%PDF-1.4\n%%EOF\n"


def a_file(number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "id": f"f{number}",
        "type": "CV",
        "data_url": f"https://resources.kombo.example/{number}?x=%2F",
        "file_name": f"cv{number}.pdf",
        "content_type": "application/pdf",
        "remote_created_at": f"2026-11-{number:02}T10:00:00.000Z",
        **changes,
    }


def attached(*files: dict[str, object]) -> Any:
    return said({"status": "success", "data": {"results": list(files)}, "warnings": []})


async def resume_of(gateway: Gateway) -> Any:
    return await need(gateway.resumes).resume(PERSON)


def secrets_in(server: RawServer) -> list[str]:
    told = [f"{seen.target} {seen.headers} {seen.body!r}" for seen in server.seen]
    return [secret for secret in CREDENTIALS.values() if any(secret in text for text in told)]


async def test_the_newest_of_the_resumes_is_had_without_our_key() -> None:
    listing = attached(
        a_file(2),
        a_file(3),
        a_file(1),
        a_file(9, remote_created_at=None),
        a_file(8, type="OTHER"),
        a_file(7, type="COVER_LETTER"),
    )
    context, _ = server_context("resources.kombo.example")
    async with serving(listing) as server, serving(reply(200, PDF), tls=context) as elsewhere:

        def public() -> Any:
            return guarded(allowed=LOOPBACK, resolver=Names(elsewhere.port), ssl_context=trusting())

        body = {"provider": "kombo", "settings": {"base_url": server.url}, "credentials": CREDENTIALS}
        async with opened(body, public=public) as gateway:
            resume = await resume_of(gateway)

    assert (resume.filename, resume.media_type, resume.content) == ("cv3.pdf", "application/pdf", PDF)
    assert elsewhere.seen[0].target == "/3?x=%2F"
    assert secrets_in(elsewhere) == []
    assert secrets_in(server) == list(CREDENTIALS.values())
    assert set(elsewhere.seen[0].headers) == {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_file_without_name_and_type_has_some() -> None:
    async with serving(reply(200, PDF)) as server:
        server.script.insert(0, attached(a_file(data_url=f"{server.url}/r", file_name=None, content_type=None)))
        async with over(server) as gateway:
            resume = await resume_of(gateway)

    assert (resume.filename, resume.media_type) == ("resume-f1", "application/octet-stream")


async def test_the_emulated_kombo_on_this_machine_never_sees_a_key_at_its_files(sandbox: KomboSandbox) -> None:
    person = CandidateId(Ids(":".join(PLAIN)).of("candidate", 0))
    async with opened(sandbox.connection_kombo) as gateway:
        resume = await need(gateway.resumes).resume(person)

    assert resume.content.startswith(b"%PDF")
    assert sandbox.state.keys_at_resources == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://resources.kombo.example/1",
        "ftp://resources.kombo.example/1",
        "file:///etc/passwd",
        "//resources.kombo.example/1",
        "/resources/1",
        "",
        "http://",
        "http://127.0.0.1:1/1",
    ],
)
async def test_an_address_that_may_not_be_asked_is_malformed(url: str) -> None:
    async with serving(attached(a_file(data_url=url))) as server, over(server) as gateway:
        with pytest.raises(MalformedReplyError):
            await resume_of(gateway)

    assert len(server.seen) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
async def test_nothing_on_a_network_of_ones_own_is_reached(host: str) -> None:
    context, _ = server_context("localhost", "127.0.0.1")
    async with AsyncExitStack() as stack:
        inside = await stack.enter_async_context(serving(reply(200, PDF), tls=context))
        listing = attached(a_file(data_url=f"https://{host}:{inside.port}/1"))
        server = await stack.enter_async_context(serving(listing))
        gateway = await stack.enter_async_context(over(server, attempts=1))
        with pytest.raises(UnavailableError):
            await resume_of(gateway)

    assert inside.connections == 0


async def test_a_redirect_is_not_followed() -> None:
    async with serving(reply(302, b"", Location="http://127.0.0.1:1/")) as server:
        server.script.insert(0, attached(a_file(data_url=f"{server.url}/r")))
        async with over(server) as gateway:
            with pytest.raises(PortError):
                await resume_of(gateway)

    assert len(server.seen) == 2


async def test_a_file_that_is_gone_is_told_from_a_person_without_one() -> None:
    async with serving(attached(a_file(1, type="OTHER"))) as server, over(server) as gateway:
        with pytest.raises(NotFoundError) as none:
            await resume_of(gateway)
    async with serving(reply(404, b"")) as server:
        server.script.insert(0, attached(a_file(data_url=f"{server.url}/r")))
        async with over(server) as gateway:
            with pytest.raises(NotFoundError) as gone:
                await resume_of(gateway)

    assert (none.value.kind, none.value.record_id) == ("resume", PERSON)
    assert (gone.value.kind, gone.value.operation) == ("resume", "file_content")
