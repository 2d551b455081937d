"""What all operations share that hand something in: the key, the wait, the plan agreed to, the answer."""

import hashlib
import re
import secrets
from functools import partial
from typing import Any
from urllib.parse import quote

import attrs

from application.hand_in import DryRun, settled
from domain.writeback import UNFINISHED
from entrypoints.web.operation import Call, Reply
from entrypoints.web.problems import bad_header
from entrypoints.web.replies import AcceptedReply, plan_reply, write_back_reply
from entrypoints.web.services import Services
from ports.commands import Accepted
from ports.scope import Scope

LONGEST_WAIT = 30
IDEMPOTENCY_KEY = "Idempotency-Key"
HEADERS = {
    "Prefer": f"`wait=N`: answer with the finished write-back if that takes N seconds at most (0 to {LONGEST_WAIT})."
}
KEY_HEADER = {IDEMPOTENCY_KEY: "1 to 255 visible ASCII characters; the same key and body: the same write-back again."}
MATCH_HEADER = {"If-Match": "The ETag of a dry run: hands in only if the very same plan would be carried out."}
_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)
_TAG = re.compile(r'"([0-9a-f]{64})"')


def command_key(call: Call[Any, Any]) -> str:
    """The name of a single write for ever: the caller's key on this route and these records; a new one without."""
    given = call.headers.get(IDEMPOTENCY_KEY)
    if given is None:
        given = secrets.token_hex(16)
    elif not _VISIBLE.fullmatch(given):
        raise bad_header(IDEMPOTENCY_KEY, "must be 1 to 255 visible ASCII characters")
    caller = call.caller.id if call.caller else ""
    route = f"{call.operation.method} {call.operation.path}"
    # Keys are kept for ever, also of people who were erased: so no record's id stands in them.
    records = hashlib.sha256(",".join(quote(value, safe="") for value in call.params.values()).encode()).hexdigest()
    return f"write:{caller}:{route}:{records[:32]}:{given}"


def agreed_plan(call: Call[Any, Any]) -> str | None:
    """The digest that `If-Match` names."""
    given = call.headers.get("If-Match")
    if given is None:
        return None
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise bad_header("If-Match", "must be the ETag of a dry run")
    return found[1]


async def handed_in(call: Call[Any, Any], accepted: Accepted) -> Reply:
    """202 with where to look; 200 with the write-back if the caller waits and it finishes in time."""
    href = f"/v1/writebacks/{accepted.id}"
    known = Reply(value=AcceptedReply(writeback_id=accepted.id, href=href), headers={"Location": href})
    preference = call.headers.get("Prefer")
    wait = preference and _WAIT.search(preference)
    if not wait:
        return known
    seconds = min(int(wait[1]), LONGEST_WAIT)
    # Not `call`, which would keep the body for as long as the wait is.
    later = partial(_waited, call.services, call.scope, accepted, seconds, known)
    return attrs.evolve(known, later=later)


async def _waited(services: Services, scope: Scope, accepted: Accepted, seconds: int, known: Reply) -> Reply:
    found = await settled(services.commands, services.clock, scope, accepted, float(seconds))
    if found.state in UNFINISHED:
        return known
    headers = {**known.headers, "Preference-Applied": f"wait={seconds}"}
    return Reply(value=write_back_reply(found), status=200, headers=headers)


def dry_run_reply(run: DryRun) -> Reply:
    """The plan, with an ETag by which it can be agreed to."""
    return Reply(value=plan_reply(run), status=200, headers={"ETag": f'"{run.digest}"'})
