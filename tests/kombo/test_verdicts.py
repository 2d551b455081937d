"""What a refusal means: by its code. For each of the contract's, what an action and what a read become of it."""

import pytest

from domain.ids import ApplicationId, JobId, StageId
from ports.errors import (
    AccessError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    UnsupportedError,
)
from ports.gateway import need
from tests.builders import an_attempt
from tests.kombo.rig import over, refused, said
from tests.rest.raw_server import Act, reply, serving

# code, status, what becomes of an action, of a read, and whether it may be sent again at once
CODES: tuple[tuple[str, int, type[PortError], type[PortError], bool], ...] = (
    ("PLATFORM.RATE_LIMIT_EXCEEDED", 429, ThrottledError, ThrottledError, True),
    ("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", 429, ThrottledError, ThrottledError, True),
    ("PLATFORM.INTEGRATION_NOT_FOUND", 404, AccessError, AccessError, False),
    ("PLATFORM.INPUT_INVALID", 400, InvalidInputError, InvalidInputError, False),
    ("PLATFORM.UNKNOWN_ERROR", 500, OutcomeUnknownError, UnavailableError, False),
    ("PLATFORM.IP_NOT_WHITELISTED", 403, AccessError, AccessError, False),
    ("PLATFORM.AUTHENTICATION_INVALID", 401, AccessError, AccessError, False),
    ("PLATFORM.TASK_TIMED_OUT", 504, OutcomeUnknownError, UnavailableError, False),
    ("INTEGRATION.PERMISSION_MISSING", 403, ForbiddenError, ForbiddenError, False),
    ("INTEGRATION.AUTHENTICATION_INVALID", 401, AccessError, AccessError, False),
    ("INTEGRATION.QA_FAILED", 409, AccessError, AccessError, False),
    ("INTEGRATION.SETUP_SYNC_PENDING", 409, UnavailableError, UnavailableError, True),
    ("INTEGRATION.SETUP_INCOMPLETE", 409, AccessError, AccessError, False),
    ("INTEGRATION.INACTIVE", 403, AccessError, AccessError, False),
    ("INTEGRATION.MODEL_NOT_AVAILABLE", 400, UnsupportedError, UnsupportedError, False),
    ("INTEGRATION.MODEL_DISABLED", 400, ForbiddenError, ForbiddenError, False),
    ("INTEGRATION.ACTION_NOT_AVAILABLE", 400, UnsupportedError, UnsupportedError, False),
    ("INTEGRATION.ACTION_DISABLED", 400, ForbiddenError, ForbiddenError, False),
    ("REMOTE.SERVICE_UNAVAILABLE", 503, OutcomeUnknownError, UnavailableError, False),
    ("REMOTE.RATE_LIMIT_EXCEEDED", 429, ThrottledError, ThrottledError, True),
    ("REMOTE.INPUT_INVALID", 400, InvalidInputError, InvalidInputError, False),
    ("REMOTE.UNKNOWN_HTTP_ERROR", 500, OutcomeUnknownError, UnavailableError, False),
    ("ATS.JOB_CLOSED", 400, ConflictError, ConflictError, False),
    ("ATS.APPLICATION_ALREADY_EXISTS", 400, ConflictError, ConflictError, False),
)
_HTML = b"<html><body>503 Service Temporarily Unavailable</body></html>"
# what came, what becomes of an action, of a read, and whether it may be sent again at once
ODD: dict[str, tuple[Act, type[PortError], type[PortError], bool]] = {
    "unknown code": (refused(400, "PLATFORM.NEVER_HEARD_OF"), OutcomeUnknownError, RefusedError, False),
    "unknown code, 503": (refused(503, "ATS.NEVER_HEARD_OF"), OutcomeUnknownError, UnavailableError, False),
    "null code": (refused(400, None), OutcomeUnknownError, RefusedError, False),
    "null code, 404": (refused(404, None), NotFoundError, NotFoundError, False),
    "invalid, 404": (refused(404, "PLATFORM.INPUT_INVALID"), NotFoundError, NotFoundError, False),
    "no log_url": (
        said({"status": "error", "error": {"code": "INTEGRATION.SETUP_SYNC_PENDING", "message": "x"}}, 409),
        UnavailableError,
        UnavailableError,
        True,
    ),
    "message alone": (
        said({"status": "error", "error": {"message": "x"}}, 400),
        OutcomeUnknownError,
        RefusedError,
        False,
    ),
    "no envelope, 400": (said({"oops": 1}, 400), OutcomeUnknownError, RefusedError, False),
    "no envelope, 404": (reply(404, _HTML), OutcomeUnknownError, RefusedError, False),
    "balancer 429": (reply(429, _HTML), ThrottledError, ThrottledError, True),
    "balancer 413": (reply(413, _HTML), InvalidInputError, InvalidInputError, False),
    "balancer 500": (reply(500, b"oops"), OutcomeUnknownError, UnavailableError, False),
    "balancer 502": (reply(502, _HTML), OutcomeUnknownError, UnavailableError, False),
    "balancer 503": (reply(503, _HTML), OutcomeUnknownError, UnavailableError, False),
    "balancer 504": (reply(504, _HTML), OutcomeUnknownError, UnavailableError, False),
    "redirect": (reply(302, b"", Location="https://elsewhere.example/"), OutcomeUnknownError, PortError, False),
    "201": (said({"status": "success", "data": {}, "warnings": []}, 201), OutcomeUnknownError, PortError, False),
    "200 that is a page": (reply(200, _HTML), OutcomeUnknownError, PortError, False),
    "200 that says error": (said({"status": "error", "error": {"code": None}}), OutcomeUnknownError, PortError, False),
    "200 cut in half": (reply(200, b'{"status": "succ'), OutcomeUnknownError, PortError, False),
}


async def _moved(act: Act) -> tuple[PortError, int, int]:
    """The error of an action, how often it was begun, and how often it arrived."""
    attempt = an_attempt()
    async with serving(act) as server, over(server) as gateway:
        with pytest.raises(PortError) as failure:
            await need(gateway.stage_moves).move(ApplicationId("app1"), StageId("stage1"), attempt)
        return failure.value, len(attempt.begun), len(server.seen)


async def _read(act: Act) -> PortError:
    async with serving(act) as server, over(server) as gateway:
        with pytest.raises(PortError) as failure:
            await need(gateway.job_lookup).job(JobId("job1"))
        return failure.value


@pytest.mark.parametrize(("code", "status", "action", "read", "again"), CODES)
# Kombo says to branch on the code alone: the same code with another status is the same.
@pytest.mark.parametrize("odd_status", [False, True])
async def test_a_code_says_what_became_of_it(
    code: str, status: int, action: type[PortError], read: type[PortError], again: bool, odd_status: bool
) -> None:
    act = refused(418 if odd_status else status, code)

    error, begun, arrived = await _moved(act)

    assert type(error) is action
    assert begun == arrived == (3 if again else 1)
    assert type(await _read(act)) is read
    assert code in str(error)


@pytest.mark.parametrize("name", ODD)
async def test_what_has_no_code_that_we_know_is_unknown_unless_it_is_surely_not_done(name: str) -> None:
    act, action, read, again = ODD[name]

    error, begun, arrived = await _moved(act)

    assert type(error) is action
    assert begun == arrived == (3 if again else 1)
    assert isinstance(await _read(act), read)


async def test_the_vendors_words_are_not_repeated() -> None:
    error, _, _ = await _moved(refused(400, "PLATFORM.INPUT_INVALID"))

    assert str(error) == "kombo move: the request was refused as invalid (400: PLATFORM.INPUT_INVALID)"


async def test_a_code_that_is_none_is_not_repeated() -> None:
    error, _, _ = await _moved(refused(400, "zelpha@canary.invalid"))

    assert "zelpha" not in str(error)
