"""Prepared pages of Kombo's candidates, 2 KB each: whatever is asked costs this server next to nothing.

Who is in them has applied for one to three jobs, and bears up to three tags: what is nested costs more than long texts.
"""

import asyncio
import json
import random
from typing import Any
from urllib.parse import parse_qs

from tests.bench.machine import handed

PAGE = 250
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_AT = "2026-11-20T10:00:00.000Z"
_ABOUT = "Has a forklift licence and three years in cold-chain logistics; prefers part-time day shifts. "


def _key(chance: random.Random) -> str:
    return "".join(chance.choices(_LETTERS, k=24))


def _application(chance: random.Random, number: int) -> dict[str, Any]:
    declined = chance.random() < 0.25
    return {
        "id": _key(chance),
        "remote_id": f"{number}:51000123",
        "outcome": "DECLINED" if declined else "PENDING",
        "rejection_reason_name": "Not enough experience" if declined else None,
        "rejected_at": _AT if declined else None,
        "remote_url": f"https://ats.example.test/applications/{number}",
        "changed_at": _AT,
        "remote_created_at": _AT,
        "remote_updated_at": _AT,
        "current_stage": {"id": _key(chance), "name": "Web Application", "remote_id": "WEB_APPLICATION", "index": 0},
        "job": {"id": _key(chance), "name": "Forklift operator", "remote_id": "51000123"},
    }


def _applications(chance: random.Random, number: int) -> list[dict[str, Any]]:
    return [_application(chance, number) for _ in range(chance.choice((1, 1, 2, 3)))]


def _tags(chance: random.Random) -> list[dict[str, str]]:
    return [{"id": _key(chance), "name": "Forklift", "remote_id": "forklift"} for _ in range(chance.randrange(4))]


def _addresses(number: int) -> dict[str, Any]:
    """Every fourth person has a second one, and every third a second telephone."""
    emails: list[dict[str, str | None]] = [{"email_address": f"person.{number}@people.example.test", "type": "PRIMARY"}]
    if number % 4 == 0:
        emails.append({"email_address": f"p{number}@work.example.test", "type": "WORK"})
    phones: list[dict[str, str | None]] = [{"phone_number": f"+1 204 555 {number % 10_000:04}", "type": "MOBILE"}]
    if number % 3 == 0:
        phones.append({"phone_number": f"+1 431 555 {number % 10_000:04}", "type": None})
    link = {"link": f"https://people.example.test/{number}", "type": "LINKEDIN", "username": f"person-{number}"}
    return {"phone_numbers": phones, "email_addresses": emails, "social_media": [link]}


_LOCATION = {
    "city": "Springfield",
    "country": "US",
    "raw": "100 Example Street, Springfield, IL 62701",
    "state": "IL",
    "street_1": "100 Example Street",
    "street_2": None,
    "zip_code": "62701",
}
_FIELDS = {"salary_expectation": 42_000, "right_to_work": True, "shift_preferences": ["EARLY", "LATE"], "score": 0.7125}


def candidate(chance: random.Random, number: int) -> dict[str, Any]:
    """As the wire has them, with all keys."""
    return {
        "id": _key(chance),
        "remote_id": str(71_000_000 + number),
        "first_name": "Zoë",
        "last_name": f"Person {number}",
        "company": None,
        "title": "Forklift operator",
        "confidential": None,
        "source": "Career page",
        **_addresses(number),
        "location": _LOCATION,
        "custom_fields": {"about": (_ABOUT * 2)[: chance.randrange(60, 190)], **_FIELDS},
        "integration_fields": [],
        "remote_url": None,
        "remote_created_at": _AT,
        "remote_updated_at": _AT,
        "remote_data": None,
        "changed_at": _AT,
        "remote_deleted_at": None,
        "applications": _applications(chance, 71_000_000 + number),
        "tags": _tags(chance),
    }


def pages(records: int) -> dict[str, bytes]:
    """By cursor; the first one has none."""
    chance = random.Random("pages")
    found = {}
    for start in range(0, records, PAGE):
        rows = [candidate(chance, number) for number in range(start, min(start + PAGE, records))]
        following = str(start + PAGE) if start + PAGE < records else None
        body = {"status": "success", "data": {"next": following, "results": rows}}
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        found[str(start) if start else ""] = head.encode() + content
    return found


class Pages(asyncio.Protocol):
    """Answers each request of a connection with the page that its cursor names, `late` seconds after."""

    def __init__(self, prepared: dict[str, bytes], late: float) -> None:
        self._prepared = prepared
        self._late = late
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            cursor = parse_qs(target.partition("?")[2]).get("cursor", [""])[0]
            if self._late:
                asyncio.get_running_loop().call_later(self._late, self._transport.write, self._prepared[cursor])
            else:
                self._transport.write(self._prepared[cursor])


async def main(records: int, late: float = 0.0) -> None:
    prepared = pages(records)
    server = await asyncio.get_running_loop().create_server(lambda: Pages(prepared, late), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(**handed()))
