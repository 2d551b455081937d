"""TempWorks' events: known by a secret header alone, and read for what is to be looked at again."""

import json
from typing import Any

import pytest

from adapters.tempworks.events import EVENTS, SECRET_HEADER
from domain.policy import RecordType
from ports.errors import InvalidInputError, RefusedError
from tests import builders as b

CREDENTIALS = {"token": "canary-1", "webhook_secret": "canary-2"}


def an_event(name: str = "employee.updated", **more: Any) -> bytes:
    parts = {"subscriptionId": 29, "timestamp": "2026-11-21T15:58:36.0943424+00:00", "tenantName": "Acme"}
    return json.dumps(
        {**parts, "eventName": name, "payload": {"employeeId": 1, "lastName": b.LAST_NAME}, **more}
    ).encode()


def test_whoever_knows_the_secret_is_let_in() -> None:
    assert EVENTS.is_authentic({SECRET_HEADER: "canary-2"}, b"anything", CREDENTIALS)


@pytest.mark.parametrize("wrong", ["", "canary-", "canary-22", "Canary-2", "canary-1", "é", "\udcff", "x" * 10_000])
def test_nobody_else_is(wrong: str) -> None:
    assert not EVENTS.is_authentic({SECRET_HEADER: wrong}, an_event(), CREDENTIALS)
    assert not EVENTS.is_authentic({}, an_event(), CREDENTIALS)


@pytest.mark.parametrize("credentials", [{"token": "canary-1"}, {"token": "canary-1", "webhook_secret": ""}])
def test_without_a_secret_nobody_is_known(credentials: dict[str, str]) -> None:
    with pytest.raises(RefusedError, match="webhook_secret"):
        EVENTS.is_authentic({SECRET_HEADER: ""}, an_event(), credentials)


@pytest.mark.parametrize(
    ("name", "pulls"),
    [
        ("employee.contactmethoddeleted", {RecordType.CANDIDATE}),
        ("assignment.created", {RecordType.APPLICATION}),
        ("joborder.custompropertyupdated", {RecordType.JOB}),
        ("customer.updated", set()),
        ("of-next-year", set()),
    ],
)
def test_the_kind_that_changed_is_to_be_read_again(name: str, pulls: set[RecordType]) -> None:
    event = EVENTS.read(an_event(name), CREDENTIALS)

    assert event is not None
    assert (event.type, event.changed) == (name, (name,))
    assert event.pulls == pulls
    assert b.LAST_NAME not in repr(event)


def test_the_same_bytes_are_the_same_event() -> None:
    one, again, other = (EVENTS.read(an_event(timestamp=at), CREDENTIALS) for at in ("1", "1", "2"))

    assert one == again
    assert one is not None
    assert other is not None
    assert one.id != other.id


def test_what_concerns_another_tenant_is_not_ours() -> None:
    assert EVENTS.read(an_event(), {**CREDENTIALS, "tenant": "other"}) is None
    assert EVENTS.read(an_event(), {**CREDENTIALS, "tenant": "ACME"}) is not None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff", b"{}", b'{"eventName": 7}', b'{"eventName": "a b"}', an_event("x" * 256)],
)
def test_what_has_no_name_is_no_event(body: bytes) -> None:
    with pytest.raises(InvalidInputError) as raised:
        EVENTS.read(body, CREDENTIALS)
    assert "x" * 20 not in str(raised.value)
