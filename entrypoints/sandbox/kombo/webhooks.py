"""Kombo's own webhooks: signed over the raw bytes, sent in any order and as often as asked."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import msgspec

from entrypoints.sandbox.fields import INTEGER, TEXT, TEXTS, Field, list_of, object_of, one_of
from entrypoints.sandbox.kombo.recruiter import office_of
from entrypoints.sandbox.kombo.state import Integration, State, stamp

SIGNATURE = "X-Kombo-Signature"
_PATIENCE = aiohttp.ClientTimeout(total=10)
_EVENT = object_of(
    Field("type", one_of("data-changed", "sync-finished"), required=True),
    Field("id", TEXT),
    Field("models", TEXTS),
    Field("sync_state", TEXT),
)
_ASKED = object_of(
    Field("url", TEXT, required=True),
    Field("events", list_of(_EVENT), required=True),
    Field("times", INTEGER),
    Field("integration", TEXT),
    Field("secret", TEXT),
)


def signature(secret: str, raw: bytes) -> str:
    """URL-safe base64 without padding."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def payload(office: Integration, event: Mapping[str, Any], now: datetime) -> bytes:
    """One event's bytes; without an id of its own it gets the next one."""
    about = {
        "integration_id": office.id,
        "integration_tool": office.tool,
        "integration_category": "ATS",
    }
    office.webhooks += 1
    data = _changed(event) if event["type"] == "data-changed" else _finished(office, event, now)
    given = event.get("id") or office.ids.of("webhook", office.webhooks)
    return msgspec.json.encode({"id": given, "type": event["type"], "data": about | data})


def _changed(event: Mapping[str, Any]) -> dict[str, Any]:
    models = event.get("models", ["ats_jobs", "ats_applications", "ats_candidates"])
    return {"changed_models": [{"name": name} for name in models]}


def _finished(office: Integration, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "sync_id": office.ids.of("sync", office.webhooks),
        "sync_state": event.get("sync_state", "SUCCEEDED"),
        "sync_started_at": stamp(now - timedelta(seconds=120)),
        "sync_ended_at": stamp(now),
        "sync_duration_seconds": 120,
        "end_user": {"organization_name": "Example Staffing", "creator_email": None, "origin_id": None},
        "log_url": "https://app.kombo.dev/logs/1",
    }


async def send(state: State, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The events in the order given, and all of them again for as often as `times` says, with the ids they had.

    `secret` signs in place of the integration's own. Raises ValueError on what it does not take.
    """
    asked = _ASKED.from_json(dict(given))
    office = office_of(state, asked.get("integration"))
    secret = asked.get("secret", state.credentials["webhook_secret"])
    raws = [payload(office, event, now) for event in asked["events"]]
    sent = []
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:  # noqa: TID251 - it speaks for the vendor
        for raw in raws * asked.get("times", 1):
            status = await _post(session, asked["url"], raw, secret)
            body = msgspec.json.decode(raw)
            sent.append({"id": body["id"], "type": body["type"], "status": status})
    return {"sent": sent}


async def _post(session: aiohttp.ClientSession, url: str, raw: bytes, secret: str) -> int | None:  # noqa: TID251 - named only
    headers = {SIGNATURE: signature(secret, raw), "Content-Type": "application/json"}
    try:
        async with session.post(url, data=raw, headers=headers, allow_redirects=False) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return None
