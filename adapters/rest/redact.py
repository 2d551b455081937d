"""What of a call may be logged: names, a path template, a status and a time. No value that was sent or received."""

from adapters.rest.answer import Answer
from adapters.rest.exchange import Broken
from adapters.rest.verdicts import Asked


def described(asked: Asked, outcome: Answer | Broken, *, seconds: float, attempt: int) -> dict[str, str | int]:
    """One line of log about one request; `attempt` counts the tries of a call from 1."""
    line: dict[str, str | int] = {
        "provider": asked.provider,
        "operation": asked.endpoint.name,
        "method": asked.endpoint.method,
        "path": asked.endpoint.path,
        "duration_ms": round(seconds * 1000),
        "attempt": attempt,
    }
    if isinstance(outcome, Broken):
        return {**line, "broken": outcome.how.name.lower(), "cause": outcome.cause}
    return {**line, "status": outcome.status}
