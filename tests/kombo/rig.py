"""The adapter, opened on a running sandbox, on a server that speaks raw HTTP, or on whatever has its address."""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from adapters.deps import Deps
from adapters.providers import entry
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import Pair, guarded, verified
from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.gateway import Gateway, Provider
from tests.clocks import FakeClock
from tests.rest.raw_server import Act, RawServer, reply

NOON = datetime(2026, 11, 21, 14, 0, 0, 120_000, tzinfo=UTC)
CREDENTIALS = {"api_key": "canary-kombo-key", "integration_id": "greenhouse:canary-integration"}


@asynccontextmanager
async def opened(
    body: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    credentials: Mapping[str, str] | None = None,
    retry: RetryPolicy | None = None,
    attempts: int = 3,
    public: Callable[[], AbstractAsyncContextManager[Pair]] = guarded,
    **settings: Any,
) -> AsyncIterator[Gateway]:
    """A gateway over real sessions. `body` is what makes a connection; `settings` go over those in it; `public` are
    the sessions for addresses out of replies.
    """
    given = {**body["settings"], "rate_limit": 10_000, "in_flight": 20, **settings}
    ticking = clock or FakeClock(NOON)
    async with verified() as pair, public() as elsewhere:
        deps = Deps(
            turns=InProcessTurns(ticking),
            clock=ticking,
            retry=retry or RetryPolicy.instant(attempts=attempts),
            verified=pair,
            guarded=elsewhere,
        )
        known = entry(Provider(body["provider"]))
        yield known.connect(ConnectionId("con_1"), given, credentials or body["credentials"], deps)


@asynccontextmanager
async def over(server: RawServer, *, attempts: int = 3, **settings: Any) -> AsyncIterator[Gateway]:
    """A gateway of plain Kombo on a raw server."""
    body = {"provider": "kombo", "settings": {"base_url": f"{server.url}/v1"}, "credentials": CREDENTIALS}
    async with opened(body, attempts=attempts, **settings) as gateway:
        yield gateway


def said(value: object, status: int = 200) -> Act:
    """An answer in JSON."""
    return reply(status, json.dumps(value).encode())


def listed(records: Iterable[object], after: str | None = None) -> Act:
    """A page of a list."""
    return said({"status": "success", "data": {"next": after, "results": list(records)}})


def done(*warnings: str) -> Act:
    """An action that was carried out."""
    return said({"status": "success", "data": {}, "warnings": [{"message": text} for text in warnings]})


def refused(status: int, code: str | None) -> Act:
    """A refusal in Kombo's envelope."""
    fault = {"code": code, "title": "No.", "message": "zelpha@canary.invalid is wrong", "log_url": None}
    return said({"status": "error", "error": fault}, status)


def a_candidate(number: int = 1, **changes: object) -> dict[str, Any]:
    return {
        "id": f"cand{number}",
        "remote_id": f"7{number}",
        "first_name": "Jo",
        "last_name": "Doe",
        "title": None,
        "email_addresses": [{"email_address": f"jo.{number}@example.test", "type": "PRIMARY"}],
        "phone_numbers": [{"phone_number": "+1 204 555 0100", "type": "MOBILE"}],
        "remote_created_at": None,
        "changed_at": "2026-11-20T10:00:00.000Z",
        "remote_deleted_at": None,
        "applications": [],
        "tags": [],
        **changes,
    }


def an_application(number: int = 1, **changes: object) -> dict[str, Any]:
    return {
        "id": f"app{number}",
        "remote_id": f"7{number}:5{number}",
        "outcome": "PENDING",
        "rejection_reason_name": None,
        "current_stage_id": "stage1",
        "job_id": "job1",
        "candidate_id": "cand1",
        "changed_at": "2026-11-20T10:00:00.000Z",
        "remote_created_at": None,
        "remote_deleted_at": None,
        "current_stage": {"id": "stage1", "remote_id": "A", "name": "Applied"},
        **changes,
    }


def a_job(number: int = 1, **changes: object) -> dict[str, Any]:
    return {
        "id": f"job{number}",
        "remote_id": f"5{number}",
        "name": "Welder",
        "description": "<p>Days</p><script>steal()</script>",
        "employment_type": "CONTRACT",
        "status": "OPEN",
        "location": None,
        "opened_at": None,
        "remote_created_at": None,
        "changed_at": "2026-11-20T10:00:00.000Z",
        "remote_deleted_at": None,
        "custom_fields": {},
        "stages": [],
        "hiring_team": [],
        **changes,
    }
