"""Nothing of people and no secret is in a log line, a count or the body of an error."""

import asyncio
import logging
from typing import Any

import pytest
import structlog

from ports.errors import AccessError, OutcomeUnknownError, UnavailableError
from tests import builders as b
from tests.web.bodies import a_call_result, a_file, a_screening
from tests.web.rig import ADMIN_KEY, CREDENTIALS, Api, a_connection

SECRETS = (*b.CANARIES, ADMIN_KEY, ADMIN_KEY.rpartition("_")[2])


def spoilt_with_canaries() -> list[dict[str, Any]]:
    """A canary wherever a value can be wrong."""
    return [
        a_call_result(outcome=b.EMAIL, verdict=b.PHONE, score=b.SPOKEN, started_at=b.API_SECRET, answers=b.LAST_NAME),
        a_call_result(report=a_file(filename=b.LAST_NAME, content_base64=b.PASSWORD), summary=f"{b.SPOKEN}\u0000"),
        a_call_result(transcript=[{"speaker": b.EMAIL, "at_s": b.PHONE, "text": 5}], job_id=f" {b.EMAIL}"),
        a_call_result(ended_at=b.SPOKEN),
    ]


async def test_nothing_leaks(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    with structlog.testing.capture_logs() as lines:
        connection = await api.add_connection()
        path = f"/v1/connections/{connection}"
        ats = api.offices.of(connection)
        answers.extend([await api("POST", f"{path}/call-results", body) for body in spoilt_with_canaries()])
        answers.append(await api("POST", "/v1/connections", a_connection(provider=b.API_SECRET, name=[b.PASSWORD])))
        bad = {**CREDENTIALS, "client_id": [b.API_SECRET], "legacy_entity_id": {"x": b.PASSWORD}}
        answers.append(await api("POST", "/v1/connections", a_connection(credentials=bad)))
        answers.append(await api("PATCH", path, {"credentials": bad}))
        for error in (AccessError("refused"), UnavailableError("away"), OutcomeUnknownError("lost")):
            ats.fail_next(error, on="*")
            await api("POST", f"{path}/call-results", a_call_result(call_id=f"call-{type(error).__name__}"))
            await api.carry_out()
            await api("PATCH", path, {"credentials": CREDENTIALS})
        answers.append(await api("POST", f"{path}/screenings", a_screening(score=b.PHONE)))
        search = {"email": b.EMAIL, "phone": b.PHONE, "last_name": b.LAST_NAME}
        await api("GET", f"{path}/candidates/search", params=search)
        answers.append(await api("GET", f"{path}/candidates/search", params={**search, "limit": b.EMAIL}))
        answers.append(await api("GET", "/v1/writebacks", params={"state": b.EMAIL, "limit": b.PHONE}))
        answers.append(await api.with_key(f"{ADMIN_KEY}x")("GET", "/v1/writebacks"))
        counted = await api("GET", "/metrics")

    assert all(answer.status >= 400 for answer in answers)
    everything = [*(answer.text for answer in answers), counted.text, caplog.text, *map(str, lines)]
    assert [(canary, text) for canary in SECRETS for text in everything if canary in text] == []
    assert len(lines) > len(answers)
    assert {line["event"] for line in lines} == {"request"}


@pytest.mark.parametrize(
    "head",
    [
        f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_KEY}\x01\r\n\r\n",
        f"GET /v1/connections/c/candidates/search?email={b.EMAIL}\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /?email={b.EMAIL}{'x' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_a_request_that_cannot_be_read_is_not_quoted_in_the_log(
    api: Api, caplog: pytest.LogCaptureFixture, head: str
) -> None:
    reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
    writer.write(head.encode())
    assert b" 400 " in await reader.readline()
    writer.close()
    assert len(caplog.records) == 1
    assert [canary for canary in SECRETS if canary in caplog.text] == []


async def test_the_log_knows_routes_and_no_ids(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/candidates"
    with structlog.testing.capture_logs() as lines:
        await api("GET", f"{path}/{b.CANDIDATE}?detail=true")
        await api("GET", f"{path}/{b.CANDIDATE}x?detail=true")
    assert lines == [
        {
            "event": "request",
            "log_level": "info",
            "method": "GET",
            "route": "/v1/connections/{connection}/candidates/{candidate}",
            "status": 404,
            "seconds": 0.0,
        }
    ], "what was answered as asked, and soon, is counted only"
