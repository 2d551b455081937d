"""What a vendor's own rows make of its oddities."""

import pytest

from adapters.rest.verdicts import DEFAULT, Row, Verdict
from ports.errors import (
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    UnsupportedError,
)
from tests.rest.raw_server import (
    reply,
    serving,
)
from tests.rest.rig import Begun, Person, calling, read, write

BUSY = DEFAULT.after(
    Row(Verdict.NOT_DONE, {503}, says=lambda answer: answer.read_as(Person) == Person("busy")),
    Row(Verdict.NO_ROUTE, {404}, says=lambda answer: b"MessageDetail" in answer.body),
    Row(Verdict.INVALID, {200}, says=lambda answer: b"Errors" in answer.body, message=lambda _: "a\nfixed text"),
)


async def test_a_vendors_row_may_say_that_nothing_was_done() -> None:
    busy = reply(503, b'{"name": "busy"}')
    async with serving(busy, reply()) as server, calling(server.url, verdicts=BUSY) as api:
        await write(api, Begun())

    assert len(server.seen) == 2


async def test_a_vendors_row_holds_for_its_own_words_only() -> None:
    async with serving(reply(503, b'{"name": "broken"}')) as server, calling(server.url, verdicts=BUSY) as api:
        with pytest.raises(OutcomeUnknownError):
            await write(api, Begun())


async def test_a_missing_route_is_told_from_a_missing_record() -> None:
    async with (
        serving(reply(404, b'{"MessageDetail": "No type was found"}'), reply(404)) as server,
        calling(server.url, verdicts=BUSY) as api,
    ):
        with pytest.raises(UnsupportedError):
            await read(api)
        with pytest.raises(NotFoundError, match="candidate 42 was not found") as raised:
            await read(api)

    assert (raised.value.kind, raised.value.record_id) == ("candidate", "42")


async def test_an_error_inside_200_is_an_error_with_the_vendors_safe_words() -> None:
    async with serving(reply(200, b'{"Errors": 1}')) as server, calling(server.url, verdicts=BUSY) as api:
        with pytest.raises(InvalidInputError, match=r"acme person: .* \(200: a fixed text\)") as raised:
            await write(api, Begun())

    assert (raised.value.provider, raised.value.operation) == ("acme", "person")
