"""Messages that brokers deliver. They only deliver: whatever is to last goes into the table of commands."""

from abc import abstractmethod
from typing import Protocol

import attrs

from domain.ids import ConnectionId


@attrs.frozen(kw_only=True)
class Message:
    """Something that was published for a connection. `deliveries` counts how often it came, this time included."""

    content: bytes = attrs.field(repr=False)
    connection: ConnectionId
    address: str
    """Where it was published, in the broker's words."""
    number: int
    """Its place among all that came in."""
    deliveries: int
    receipt: object = attrs.field(repr=False, eq=False)
    """What the broker knows it by."""


class Inbound(Protocol):
    """The way in. Whatever was fetched and neither acknowledged nor rejected comes again."""

    @abstractmethod
    async def open(self) -> None:
        """Makes sure of the connection and of all that is needed there; quick when it stands.

        Raises UnavailableError, which says what is not as it must be.
        """

    @abstractmethod
    async def fetch(self) -> tuple[Message, ...]:
        """Some messages as soon as there are any, none after a while. Raises UnavailableError: open it again."""

    @abstractmethod
    async def ack(self, message: Message) -> None:
        """It need not come again. Raises UnavailableError: then it does."""

    @property
    @abstractmethod
    def largest(self) -> int:
        """How many bytes a document may have that tells of a rejection."""

    @abstractmethod
    async def reject(self, message: Message, reason: str, document: bytes) -> None:
        """Puts the document where rejections are kept, durably, and only then acknowledges the message.

        `reason` is a word for machines. Raises UnavailableError: then the message comes again.
        """
