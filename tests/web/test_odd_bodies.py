"""Bodies that nobody would think of never break anything: every answer is one that is described."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import Fault, InvalidError
from entrypoints.bodies import decode_call_result, decode_screening
from tests.web.bodies import a_call_result, a_file, a_screening
from tests.web.rig import SETTINGS, Answer, Api, a_connection

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(["", "\u0000", "2026-11-21T09:00:00Z", "0001-01-01T00:00:00+23:59", "%PDF-", "AAAA", "\U0001f600"]),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
OFTEN = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def spoilt(valid: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A valid body with some members replaced, and maybe one too many; or nothing like it."""
    members = st.dictionaries(st.sampled_from(sorted(valid)), ANYTHING, max_size=3)
    extra = st.dictionaries(st.text(max_size=8), ANYTHING, max_size=1)
    return st.builds(lambda some, more: {**valid, **some, **more}, members, extra) | ANYTHING


@given(data=st.data())
@OFTEN
async def test_accept_routes_never_fail(api: Api, data: st.DataObject) -> None:
    connection = await _connection(api)
    path, body = data.draw(
        st.one_of(
            st.tuples(st.just("/call-results"), spoilt(a_call_result())),
            st.tuples(st.just("/call-results?dry_run=true"), spoilt(a_call_result())),
            st.tuples(st.just("/screenings"), spoilt(a_screening())),
            st.tuples(st.just("/applications/a/notes"), spoilt({"text": "x", "blocks": [], "action_type": "1"})),
            st.tuples(st.just("/candidates/c/attachments"), spoilt(a_file())),
            st.tuples(st.just("/applications/rejections"), spoilt({"application_ids": ["a"], "reason_id": "r"})),
        )
    )
    answer = await _sent(api, "POST", f"/v1/connections/{connection}{path}", body)
    assert answer.status in {200, 202, 409, 422}, answer.text
    await api.carry_out()
    if answer.status == 422:
        assert answer.faults or answer.body["type"].endswith("key-reused")


@given(data=st.data())
@OFTEN
async def test_connection_routes_never_fail(api: Api, data: st.DataObject) -> None:
    connection = await _connection(api)
    made = await _sent(api, "POST", "/v1/connections", data.draw(spoilt(a_connection(policy={}))))
    whole = {"name": "n", "settings": SETTINGS, "policy": {}, "credentials": {}}
    changed = await _sent(api, "PATCH", f"/v1/connections/{connection}", data.draw(spoilt(whole)))
    key = await _sent(api, "POST", "/v1/api-keys", data.draw(spoilt({"name": "n", "scopes": ["read"]})))
    assert made.status in {201, 422}, made.text
    assert changed.status in {200, 422}, changed.text
    assert key.status in {201, 422}, key.text


@given(raw=st.binary(max_size=60) | st.text(alphabet='{}[]":,0123456789.eE-+ \\untrfalse', max_size=60).map(str.encode))
@OFTEN
async def test_bytes_never_fail(api: Api, raw: bytes) -> None:
    connection = await _connection(api)
    headers = {"Content-Type": "application/json"}
    answer = await api("POST", f"/v1/connections/{connection}/screenings", data=raw, headers=headers)
    assert answer.status in {400, 422}, answer.text


@given(raw=spoilt(a_call_result()) | spoilt(a_screening()))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_decoding_gives_a_value_or_faults_with_pointers(raw: Any) -> None:
    for decode in (decode_call_result, decode_screening):
        for fault in _faults(decode, raw):
            assert fault.pointer == "" or fault.pointer.startswith("/")


def _faults(decode: Callable[[object], object], raw: object) -> tuple[Fault, ...]:
    try:
        decode(raw)
    except InvalidError as error:
        return error.faults
    return ()


async def _connection(api: Api) -> str:
    found = await api("GET", "/v1/connections?limit=1")
    return str(found.body["items"][0]["id"]) if found.body["items"] else await api.add_connection()


async def _sent(api: Api, method: str, path: str, body: Any) -> Answer:
    raw = json.dumps(body)
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"k{hash(raw)}"}
    return await api(method, path, data=raw, headers=headers)
