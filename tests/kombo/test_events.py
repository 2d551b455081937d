"""Kombo's events: known by the signature of their bytes, and read for what is to be looked at again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kombo.events import EVENTS, SIGNATURE
from domain.policy import RecordType
from ports.errors import InvalidInputError, RefusedError
from ports.vendor_events import VendorEvent
from tests import builders as b
from tests.kombo.signing import CREDENTIALS, INTEGRATION, an_event, signed


@given(st.binary(max_size=300))
def test_what_is_signed_is_known_whatever_it_holds(body: bytes) -> None:
    assert EVENTS.is_authentic(signed(body), body, CREDENTIALS)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_any_other_byte_is_refused(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    flipped = data.draw(st.integers(1, 255))
    other = body[:at] + bytes([body[at] ^ flipped]) + body[at + 1 :]
    assert not EVENTS.is_authentic(signed(body), other, CREDENTIALS)
    assert not EVENTS.is_authentic(signed(body), body[:at], CREDENTIALS)
    assert not EVENTS.is_authentic(signed(body), body + bytes([flipped]), CREDENTIALS)


@given(st.integers(0, 42), st.text(min_size=1, max_size=1))
def test_any_other_letter_of_the_signature_is_refused(at: int, letter: str) -> None:
    right = signed(b"{}")[SIGNATURE]
    wrong = right[:at] + letter + right[at + 1 :]
    assert EVENTS.is_authentic({SIGNATURE: wrong}, b"{}", CREDENTIALS) == (letter == right[at])


@pytest.mark.parametrize("wrong", ["", "=", "é", "\udcff", "x" * 10_000])
def test_no_signature_at_all_is_refused(wrong: str) -> None:
    assert not EVENTS.is_authentic({SIGNATURE: wrong}, b"{}", CREDENTIALS)
    assert not EVENTS.is_authentic({}, b"{}", CREDENTIALS)
    padded = signed(b"{}")[SIGNATURE] + "="
    assert not EVENTS.is_authentic({SIGNATURE: padded}, b"{}", CREDENTIALS)


def test_another_secret_is_another_sender_and_without_one_nobody_is_known() -> None:
    assert not EVENTS.is_authentic(signed(b"{}"), b"{}", {**CREDENTIALS, "webhook_secret": "another"})
    for secretless in ({"api_key": "k"}, {"webhook_secret": ""}):
        with pytest.raises(RefusedError, match="webhook_secret"):
            EVENTS.is_authentic(signed(b"{}", secretless.get("webhook_secret", "")), b"{}", secretless)


def test_what_changed_is_named_and_what_is_ours_of_it_is_to_be_read_again() -> None:
    models = [{"name": name, "more": 1} for name in ("ats_jobs", "ats_offers", "ats_candidates", "ats_jobs")]
    assert EVENTS.read(an_event(changed_models=models), CREDENTIALS) == VendorEvent(
        id="event1",
        type="data-changed",
        changed=("ats_jobs", "ats_offers", "ats_candidates"),
        pulls=frozenset({RecordType.JOB, RecordType.CANDIDATE}),
    )


@pytest.mark.parametrize("models", [None, 7, [{"nom": "ats_jobs"}], [{"name": "ats jobs\u0000"}], [{}] * 501])
def test_where_it_cannot_be_made_out_what_changed_all_is_to_be_read_again(models: Any) -> None:
    event = EVENTS.read(an_event(changed_models=models), CREDENTIALS)
    assert event == VendorEvent(id="event1", type="data-changed", pulls=frozenset(RecordType))


@pytest.mark.parametrize(
    ("kind", "data", "fault"),
    [
        ("sync-finished", {"sync_state": "SUCCEEDED"}, None),
        ("sync-finished", {"sync_state": "AUTHENTICATION_FAILED"}, "the last sync ended as AUTHENTICATION_FAILED"),
        ("sync-finished", {"sync_state": f"call {b.PHONE}"}, "the last sync ended as something that is no word"),
        ("sync-finished", {"sync_state": 7}, None),
        ("sync-finished", {}, None),
        ("integration-state-changed", {"state": "ACTIVE"}, None),
        ("integration-state-changed", {"state": "INVALID"}, "the integration is INVALID"),
        ("integration-deleted", {}, "the integration was deleted"),
        ("issue-status-changed", {"state": "INVALID", "sync_state": "FAILED"}, None),
        ("of-next-year", {"state": [1]}, None),
    ],
)
def test_what_else_kombo_tells_asks_for_nothing_and_tells_of_its_own_standing(
    kind: str, data: dict[str, Any], fault: str | None
) -> None:
    person: dict[str, Any] = {
        "end_user": {"organization_name": b.LAST_NAME, "creator_email": b.EMAIL, "origin_id": None}
    }
    event = EVENTS.read(an_event(kind, **data, **person), CREDENTIALS)
    assert event == VendorEvent(id="event1", type=kind, fault=fault)


def test_what_concerns_another_integration_is_not_ours() -> None:
    assert EVENTS.read(an_event(integration_id="avionte:another", changed_models=[]), CREDENTIALS) is None
    event = json.dumps({"id": "event1", "type": "of-next-year"}).encode()
    assert EVENTS.read(event, CREDENTIALS) == VendorEvent(id="event1", type="of-next-year")
    assert EVENTS.read(an_event(integration_id=INTEGRATION, changed_models=[]), CREDENTIALS) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b'{"type": "data-changed"}',
        b'{"id": 7, "type": "data-changed"}',
        b'{"id": "", "type": "data-changed"}',
        b'{"id": "a b", "type": "data-changed"}',
        b'{"id": "a\\u0000", "type": "data-changed"}',
        b'{"id": "%s", "type": "data-changed"}' % (b"x" * 256),
        b'{"id": "event1", "type": "%s"}' % (b"x" * 256),
    ],
)
def test_what_has_no_id_or_type_is_no_event(body: bytes) -> None:
    with pytest.raises(InvalidInputError) as raised:
        EVENTS.read(body, CREDENTIALS)
    assert "x" * 20 not in str(raised.value)
