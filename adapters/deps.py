"""What a provider is opened with."""

import attrs

from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import Pair
from ports.clock import Clock
from ports.intake import Intake
from ports.outbox import Outbox
from ports.turns import Turns


@attrs.frozen
class Unverified:
    """The one origin of a connection whose certificate cannot be verified, and its pin if the operator has one."""

    origin: str
    pin: str | None = None


@attrs.frozen(kw_only=True)
class Deps:
    """`verified` sessions are shared, `guarded` ones reach public addresses only, `legacy` ones one origin.

    To know what can be done, none is needed.

    `intake` and `outbox` are for customers without an ATS.
    `revision` is that of the connection which is opened.
    """

    turns: Turns
    clock: Clock
    retry: RetryPolicy = attrs.field(factory=RetryPolicy)
    verified: Pair | None = None
    guarded: Pair | None = None
    legacy: Pair | None = None
    intake: Intake | None = None
    outbox: Outbox | None = None
    revision: int = 0
