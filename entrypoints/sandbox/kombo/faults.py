"""The faults that only Kombo knows, beside those of every sandbox."""

from datetime import timedelta

import attrs

from entrypoints.sandbox.faults import FAULTS, Armed, Fault, Moment, Reach
from entrypoints.sandbox.kombo import manners
from entrypoints.sandbox.kombo.passthrough import inner_failure
from entrypoints.sandbox.mischief import Tricks
from entrypoints.sandbox.wire import Ask, Paging, Reply

KNOWN = FAULTS | {
    fault.name: fault
    for fault in (
        Fault("unknown_code", Moment.BEFORE, Reach.ANY, "400 with an error code never heard of, nothing applied"),
        Fault("no_code", Moment.BEFORE, Reach.ANY, "400 whose error has a message and nothing else, nothing applied"),
        Fault("503_remote", Moment.BEFORE, Reach.ANY, "503 REMOTE.SERVICE_UNAVAILABLE, nothing applied"),
        Fault("inner_500", Moment.BEFORE, Reach.CARRIED, "200 around Avionté's 500, nothing applied"),
        Fault("inner_429", Moment.BEFORE, Reach.CARRIED, "200 around Avionté's 429, nothing applied"),
        Fault("changed_between_pages", Moment.INSTEAD, Reach.PAGES, "a record just shown changes and comes once more"),
        Fault("stale_copy", Moment.INSTEAD, Reach.EFFECTS, "done, to be seen in the synced lists only after_s later"),
        Fault("done_then_504", Moment.AFTER, Reach.EFFECTS, "applied, answered by 504 PLATFORM.TASK_TIMED_OUT"),
        Fault("done_then_inner_500", Moment.AFTER, Reach.CARRIED_EFFECTS, "applied, answered by 200 around a 500"),
        Fault("done_then_inner_504", Moment.AFTER, Reach.CARRIED_EFFECTS, "applied, answered by 200 around a 504"),
        Fault("extra_keys", Moment.AFTER, Reach.ANY, "every object has a key more"),
        Fault("missing_keys", Moment.AFTER, Reach.ROWS, "one record of the list has nothing but its id"),
        Fault("warnings", Moment.AFTER, Reach.ACTIONS, "done, with a warning"),
    )
}


def _no_code() -> Reply:
    return Reply(status=400, body={"status": "error", "error": {"message": "Something about it is wrong."}})


def _stale(ask: Ask, armed: Armed) -> Ask:
    return attrs.evolve(ask, seen_after=timedelta(seconds=armed.after_s or 0))


TRICKS = Tricks(
    before={
        "unknown_code": lambda _scene: manners.error(400, "PLATFORM.NEVER_HEARD_OF", "This is new."),
        "no_code": lambda _scene: _no_code(),
        "503_remote": lambda _scene: manners.error(503, "REMOTE.SERVICE_UNAVAILABLE", "The tool cannot be reached."),
        "inner_500": lambda _scene: inner_failure(500),
        "inner_429": lambda _scene: inner_failure(429),
    },
    asked={
        "changed_between_pages": lambda ask, _armed: attrs.evolve(ask, paging=Paging.CHANGING),
        "stale_copy": _stale,
    },
    after={
        "done_then_504": lambda _reply: manners.error(504, "PLATFORM.TASK_TIMED_OUT", "It took too long."),
        "done_then_inner_500": lambda _reply: inner_failure(500),
        "done_then_inner_504": lambda _reply: inner_failure(504),
        "extra_keys": manners.with_extra_keys,
        "missing_keys": manners.with_missing_keys,
        "warnings": manners.with_warnings,
    },
)
