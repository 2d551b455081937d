"""The count of webhooks: what arrived, against what was told and who should have heard it.

- *Lost*: an event that an endpoint should have heard and never answered with a success, or one that the product shows
  as not delivered at the end. An answer of success counts from when it was sent, read or not.
- *Delivered again*: a further time that an endpoint took what it had taken before. That is allowed; its id tells it.
- *Wrong*: an arrival that is not signed with the endpoint's secret, came where nobody listens for it, or whose id or
  body is another than at any other arrival of the same event, anywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

from domain.event import EventType
from tests.chaos.receiver import Arrival


@attrs.frozen(kw_only=True)
class Listener:
    """An endpoint: what it hears, and what its webhooks are signed with. Without connection or types it hears all."""

    id: str
    secret: str = attrs.field(repr=False)
    connection: str | None = None
    types: frozenset[EventType] = frozenset()

    def should_hear(self, one: "Told") -> bool:
        return self.connection in {None, one.connection} and (not self.types or one.type in self.types)


@attrs.frozen(kw_only=True)
class Told:
    """An event that was put into the outbox, and the id that it was given there."""

    token: str
    id: str
    type: EventType
    connection: str


@attrs.frozen(kw_only=True)
class Heard:
    """What one run came to. `faults` says of each loss and wrong what it is."""

    events: int
    deliveries: int
    lost: int
    again: int
    wrong: int
    faults: tuple[str, ...]


@attrs.define
class Ears:
    """The listeners of one lane, and what they know from its runs so far: what was sent late counts in a later one."""

    listeners: Sequence[Listener]
    tokens: dict[str, str] = attrs.field(factory=dict)
    expected: set[tuple[str, str]] = attrs.field(factory=set)
    taken: set[tuple[str, str]] = attrs.field(factory=set)
    bodies: dict[str, bytes] = attrs.field(factory=dict)

    def count(self, told: Sequence[Told], arrivals: Sequence[Arrival], undelivered: Mapping[str, str]) -> Heard:
        """Of one run. `undelivered`: events that the product does not show as delivered, and what it shows them as."""
        expected = {(ear.id, one.id) for one in told for ear in self.listeners if ear.should_hear(one)}
        self.tokens |= {one.id: one.token for one in told}
        self.expected |= expected
        taken = [(one.endpoint, _id(one)) for one in arrivals if one.taken]
        before = len(self.taken)
        self.taken.update(taken)
        lost = [f"lost: {event} at {endpoint}" for endpoint, event in sorted(expected - self.taken)]
        lost += [f"lost: {event} is shown as {state}" for event, state in undelivered.items()]
        wrong = [f"wrong: {_id(one)} at {one.endpoint} {fault}" for one in arrivals if (fault := self._fault(one))]
        return Heard(
            events=len(told),
            deliveries=len(expected),
            lost=len(lost),
            again=len(taken) - (len(self.taken) - before),
            wrong=len(wrong),
            faults=(*lost, *wrong),
        )

    def _fault(self, one: Arrival) -> str | None:
        event = _id(one)
        if (one.endpoint, event) not in self.expected:
            return "is not what it listens for"
        secret = next(ear.secret for ear in self.listeners if ear.id == one.endpoint)
        if not _verifies(Webhook(secret), one):
            return "is not signed with its secret"
        if _named(one.body) != (event, self.tokens[event]):
            return "has another event's body"
        if self.bodies.setdefault(event, one.body) != one.body:
            return "has another body than before"
        return None


def _id(one: Arrival) -> str:
    return one.headers.get("webhook-id", "")


def _verifies(webhook: Webhook, one: Arrival) -> bool:
    try:
        webhook.verify(one.body, dict(one.headers))
    except WebhookVerificationError:
        return False
    return True


def _named(body: bytes) -> tuple[Any, Any]:
    found = msgspec.json.decode(body)
    return found["id"], found["data"]["token"]
