"""What Kombo's refusals mean: by their code, never by their status alone, and never by their text."""

import re
from collections.abc import Callable, Collection

from adapters.kombo import wire
from adapters.rest.answer import Answer
from adapters.rest.verdicts import Row, Verdict, VerdictTable

_CODE = re.compile(r"[A-Z][A-Z_]{0,30}\.[A-Z][A-Z_]{0,60}")
_EVERY = range(100, 600)
_ODD = range(300, 500)
_TROUBLED = range(500, 600)


def code_of(answer: Answer) -> str | None:
    """The code of a refusal, or an empty text; None where it was not Kombo's application that spoke."""
    refusal = answer.read_as(wire.Refusal)
    return None if refusal is None else refusal.error.code or ""


def _coded(verdict: Verdict, *codes: str) -> Row:
    return Row(verdict, _EVERY, says=lambda answer: code_of(answer) in codes, message=_shown)


def _shown(answer: Answer) -> str | None:
    # A code is a word of the vendor's; the title and the message beside it may repeat what was sent.
    code = code_of(answer)
    return code if code and _CODE.fullmatch(code) else None


def _spoken(says: Callable[[str], bool]) -> Callable[[Answer], bool]:
    def fits(answer: Answer) -> bool:
        code = code_of(answer)
        return code is not None and says(code)

    return fits


def _unheard(verdict: Verdict, statuses: Collection[int]) -> Row:
    return Row(verdict, statuses, message=_shown)


# Of a record that is not there only the status speaks: what code comes with it is not documented.
_UNSAID = {"", "PLATFORM.INPUT_INVALID", "REMOTE.INPUT_INVALID"}

VERDICTS = VerdictTable(
    (
        Row(Verdict.DONE, {200}),
        Row(Verdict.NO_RECORD, {404}, says=_spoken(lambda code: code in _UNSAID)),
        # Refused before the ATS was asked, or by its own count: nothing was done.
        _coded(
            Verdict.THROTTLED,
            "PLATFORM.RATE_LIMIT_EXCEEDED",
            "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED",
            "REMOTE.RATE_LIMIT_EXCEEDED",
        ),
        _coded(Verdict.NOT_DONE, "INTEGRATION.SETUP_SYNC_PENDING"),
        _coded(Verdict.INVALID, "PLATFORM.INPUT_INVALID", "REMOTE.INPUT_INVALID"),
        _coded(Verdict.CONFLICT, "ATS.JOB_CLOSED", "ATS.APPLICATION_ALREADY_EXISTS"),
        # A person has to act before anything goes on: with the key, or on the integration in Kombo.
        _coded(
            Verdict.NO_ACCESS,
            "PLATFORM.AUTHENTICATION_INVALID",
            "PLATFORM.IP_NOT_WHITELISTED",
            "PLATFORM.INTEGRATION_NOT_FOUND",
            "INTEGRATION.AUTHENTICATION_INVALID",
            "INTEGRATION.QA_FAILED",
            "INTEGRATION.SETUP_INCOMPLETE",
            "INTEGRATION.INACTIVE",
        ),
        # One permission is missing; all else goes on.
        _coded(
            Verdict.FORBIDDEN,
            "INTEGRATION.PERMISSION_MISSING",
            "INTEGRATION.ACTION_DISABLED",
            "INTEGRATION.MODEL_DISABLED",
        ),
        _coded(Verdict.NO_ROUTE, "INTEGRATION.ACTION_NOT_AVAILABLE", "INTEGRATION.MODEL_NOT_AVAILABLE"),
        # The ATS behind Kombo, or Kombo itself, failed on the way: an action may have been carried out.
        _coded(
            Verdict.TROUBLE,
            "REMOTE.SERVICE_UNAVAILABLE",
            "REMOTE.UNKNOWN_HTTP_ERROR",
            "PLATFORM.UNKNOWN_ERROR",
            "PLATFORM.TASK_TIMED_OUT",
        ),
        # From here on nobody says what it means: codes that we do not know, and what stands before Kombo.
        _unheard(Verdict.THROTTLED, {429}),
        _unheard(Verdict.INVALID, {413, 414, 431}),
        _unheard(Verdict.STRANGE, range(100, 400)),
        _unheard(Verdict.ODD_REFUSAL, _ODD),
        _unheard(Verdict.TROUBLE, _TROUBLED),
    )
)
"""The contract's table of what was surely not done, what is refused, and what nobody knows."""
