"""The only failures that leave an adapter, sorted by whose move is next.

Messages are safe to show and to log: they hold no reply body, no credential and no personal data.
"""


class PortError(Exception):
    """Something outside did not do what we asked.

    `provider` and `operation` say where it happened; both may be empty for our own side (database, turns).
    """

    def __init__(self, message: str, *, provider: str = "", operation: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.operation = operation


class UnsupportedError(PortError):
    """The provider has no such capability; the message is the absence's reason. The caller must do without."""

    def __init__(self, why: str, *, provider: str = "", capability: str = "") -> None:
        super().__init__(why, provider=provider, operation=capability)


class NotFoundError(PortError):
    """There is no such record."""

    def __init__(self, kind: str, record_id: str, *, provider: str = "", operation: str = "") -> None:
        super().__init__(f"{kind} {record_id} was not found", provider=provider, operation=operation)
        self.kind = kind
        self.record_id = record_id


class RefusedError(PortError):
    """Understood, and positively refused: nothing was done, and asking again will not help."""


class StageBarredError(RefusedError):
    """The stage exists but may not be entered from outside."""


class ConflictError(RefusedError):
    """The record's present state, or an earlier request under the same key, forbids it."""


class InvalidInputError(RefusedError):
    """The provider, or a rule of its wire, refuses a value. `field` names it where it is known."""

    def __init__(self, message: str, *, field: str = "", provider: str = "", operation: str = "") -> None:
        super().__init__(message, provider=provider, operation=operation)
        self.field = field


class AccessError(PortError):
    """Credentials are dead or lack a scope; two fresh log-ins were tried. The customer's admin must act."""


class ForbiddenError(AccessError):
    """The credentials are good, but may not do this, or not to this record. Others are not concerned."""


class UnavailableError(PortError):
    """Transient, surely not done, and our own short retries are spent. `retry_after` is in seconds, if known."""

    def __init__(
        self, message: str, *, retry_after: float | None = None, provider: str = "", operation: str = ""
    ) -> None:
        super().__init__(message, provider=provider, operation=operation)
        self.retry_after = retry_after


class ThrottledError(UnavailableError):
    """The provider counts us out for now (429). Surely not done."""


class TimedOutError(UnavailableError):
    """A read took too long. Never raised for an unsafe request: that is `OutcomeUnknownError`."""


class OutcomeUnknownError(PortError):
    """An unsafe request was sent and its answer is not positively a success or a refusal: look before you repeat."""


class MalformedReplyError(PortError):
    """The answer to a read does not fit our codec. `path` says where; the value itself is not kept."""

    def __init__(self, message: str, *, path: str = "", provider: str = "", operation: str = "") -> None:
        super().__init__(message, provider=provider, operation=operation)
        self.path = path


class LeaseLostError(PortError):
    """Another worker holds the command, or the deadline to send has passed: nothing was sent and nothing decided."""
