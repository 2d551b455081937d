"""Which connections requests use, what follows a redirect, and which addresses out of replies are called."""

import pytest

from adapters.rest.api import Link
from adapters.rest.auth import ApiKey
from adapters.rest.sessions import legacy, verified
from ports.errors import InvalidInputError, MalformedReplyError
from tests.rest.raw_server import reply, serving
from tests.rest.rig import FAST, HOST, PATH, READ, Begun, Person, calling, read, row, write
from tests.rest.tls import Names, server_context, trusting

KEY = ApiKey({"X-Api-Key": "canary-key", "Authorization": "Bearer canary-token"})


async def test_reads_share_a_connection_and_each_write_has_its_own() -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        await read(api)
        await read(api)
        assert server.connections == 1
        await write(api, Begun())
        await write(api, Begun())

    assert server.connections == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_and_no_credential_leaves(status: int) -> None:
    async with serving(reply()) as elsewhere, serving(reply(status, Location=elsewhere.url + "/x")) as server:
        async with calling(server.url, auth=KEY) as api:
            with pytest.raises(MalformedReplyError):
                await read(api)

        assert elsewhere.connections == 0


async def test_a_redirect_on_the_same_host_is_not_followed_either() -> None:
    async with serving(reply(302, Location="/people/43"), reply()) as server, calling(server.url) as api:
        with pytest.raises(MalformedReplyError):
            await read(api)

    assert len(server.seen) == 1


async def test_a_next_address_on_the_own_origin_is_called_as_it_is() -> None:
    async with serving(reply()) as server, calling(server.url + "/api") as api:
        assert await api.call(READ, url=f"{server.url}/api/people?after=a%2Fb") == Person("Ann")

    assert server.seen[0].target == "/api/people?after=a%2Fb"


@pytest.mark.parametrize(
    "foreign",
    ["http://127.0.0.2:{port}/x", "https://127.0.0.1:{port}/x", "http://127.0.0.1:1/x", "http://u:p@127.0.0.1:{port}/",
     "/people", "//evil.example/x", "", "file:///etc/passwd", "http://[::1"],
)  # fmt: skip
async def test_no_address_on_another_origin_is_called(foreign: str) -> None:
    async with serving(reply()) as server, calling(server.url, auth=KEY) as api:
        with pytest.raises(MalformedReplyError, match="another origin"):
            await api.call(READ, url=foreign.format(port=server.port))

    assert server.connections == 0


async def test_an_unsafe_row_takes_no_address_out_of_a_reply() -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        with pytest.raises(TypeError):
            await api.call(row("POST"), url=server.url, attempt=Begun())


@pytest.mark.parametrize("value", ["", ".", ".."])
async def test_an_id_that_would_change_the_route_is_refused(value: str) -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        with pytest.raises(InvalidInputError) as raised:
            await api.call(READ, path={"candidate_id": value})

    assert raised.value.field == "candidate_id"
    assert server.connections == 0


async def test_ids_and_queries_are_encoded_once() -> None:
    async with serving(reply()) as server, calling(server.url + "/api/") as api:
        await api.call(READ, path={"candidate_id": "a/b?c é%2F"}, query={"q": "x y&z+", "ids": ["1", "2"]})

    assert server.seen[0].target == "/api/people/a%2Fb%3Fc%20%C3%A9%252F?q=x%20y%26z%2B&ids=1&ids=2"


@pytest.mark.parametrize(
    "base_url", ["ftp://h/x", "//h/x", "/x", "https://u:p@h/x", "https://h/x?a=1", "https://h/x#a", "https:///x"]
)
async def test_a_base_url_is_an_address_and_nothing_else(base_url: str) -> None:
    async with verified() as pair:
        with pytest.raises(ValueError, match="nothing else"):
            Link(base_url=base_url, sessions=pair, auth=KEY, host=HOST, rate=FAST)


async def test_a_link_to_one_host_cannot_use_the_sessions_of_another() -> None:
    async with legacy("https://127.0.0.1:1") as pair:
        with pytest.raises(ValueError, match="another origin"):
            Link(base_url="https://127.0.0.1:2/api", sessions=pair, auth=KEY, host=HOST, rate=FAST)


async def test_public_names_can_be_served_locally_with_every_certificate_checked() -> None:
    context, _ = server_context("api.acme.example")
    async with serving(reply(), tls=context) as server:
        names = Names(server.port)
        async with (
            verified(resolver=names, ssl_context=trusting()) as pair,
            calling("https://api.acme.example/v1", sessions=pair) as api,
        ):
            await api.call(READ, path=PATH)

    assert server.seen[0].headers["host"] == "api.acme.example"
    assert names.asked == ["api.acme.example"]


async def test_sessions_keep_no_cookies() -> None:
    async with serving(reply(Set_Cookie="sid=canary; Path=/")) as server, calling(server.url) as api:
        await read(api)
        await read(api)

    assert "cookie" not in server.seen[1].headers
