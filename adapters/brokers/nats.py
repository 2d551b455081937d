"""NATS JetStream: a durable pull consumer on a stream of its own, and another stream for what was rejected.

The client's own reconnecting is off. After a restart it goes on with a subscription whose pull request the server has
forgotten, and it never makes streams or consumers anew. Here whatever fails closes the connection, and `open` makes
sure of all of it: one way back from everything.
"""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js.errors import (
    APIError,
    BadRequestError,
    FetchTimeoutError,
    NotFoundError,
    ServerError,
    ServiceUnavailableError,
)

from adapters.brokers.addresses import Address
from domain.ids import ConnectionId
from ports.errors import UnavailableError
from ports.messages import Inbound, Message

INCOMING, SUBJECTS, PREFIX = "ATSBRIDGE_IN", "atsbridge.in.>", "atsbridge.in."
REJECTED, REJECTS = "ATSBRIDGE_REJECTED", "atsbridge.rejected"
CONSUMER = "atsbridge"
REASON_HEADER = "Atsbridge-Reason"
BATCH = 16
# One batch for each of so many workers: the messages of one that died keep no others back.
_BATCHES_OUT = 8
_PATIENCE, _HEARTBEATS = 5.0, 5
_DUPLICATE_SECONDS = 600.0
_HEADERS = 1024


class NatsInbound(Inbound):
    """Used by one loop: only acknowledging and rejecting may go on side by side.

    `ack_seconds`: how long a message stays with a worker that went silent. `keep_seconds`: how long rejects are kept,
    if the stream for them is made here. `patience`: seconds within which the broker must be heard.
    """

    def __init__(
        self,
        address: Address,
        *,
        ack_seconds: float = 60.0,
        keep_seconds: float = 30 * 86400.0,
        patience: float = _PATIENCE,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._address = address
        self._ack_seconds = ack_seconds
        self._keep_seconds = max(keep_seconds, _DUPLICATE_SECONDS)
        self._patience = patience
        self._tls = tls
        self._client: Client | None = None
        self._pull: JetStreamContext.PullSubscription | None = None
        self._not_permitted = ""

    @property
    def largest(self) -> int:
        return self._connected.max_payload - _HEADERS

    @property
    def _connected(self) -> Client:
        if self._client is None or not self._client.is_connected:
            raise UnavailableError("the broker is not connected")
        return self._client

    async def open(self) -> None:
        if self._pull is not None and self._client is not None and self._client.is_connected:
            return
        await self.close()
        async with self._or_closed():
            self._client = Client()
            await self._connect(self._client)
            stream = self._client.jetstream(timeout=self._patience)
            await _have_stream(stream, self._incoming())
            await _have_stream(stream, self._rejected())
            await _have_consumer(stream, self._consumer())
            self._pull = await stream.pull_subscribe_bind(CONSUMER, stream=INCOMING)

    async def fetch(self) -> tuple[Message, ...]:
        if self._pull is None:
            raise UnavailableError("the broker is not connected")
        # With messages at hand the client asks without an end, and then the server takes no heartbeats.
        heartbeat = None if self._pull.pending_msgs else self._patience / _HEARTBEATS
        async with self._or_closed():
            try:
                found = await self._pull.fetch(BATCH, timeout=self._patience, heartbeat=heartbeat)
            except FetchTimeoutError:
                found = []  # nothing came but heartbeats; without those it is another time-out, which closes it
            except BadRequestError as error:
                if "heartbeat" not in (error.description or ""):
                    raise
                found = []  # the client asked again just before its time was over: too short for a heartbeat
            return tuple(_message(one) for one in found)

    async def ack(self, message: Message) -> None:
        async with _in_our_words():
            await _receipt(message).ack()

    async def reject(self, message: Message, reason: str, document: bytes) -> None:
        receipt = _receipt(message)
        # The same again after a crash before the acknowledgement is dropped by the stream.
        name = f"{receipt.metadata.stream}.{message.number}.{receipt.metadata.timestamp.timestamp()}"
        headers = {api.Header.MSG_ID: name, REASON_HEADER: reason}
        async with _in_our_words():
            stream = self._connected.jetstream(timeout=self._patience)
            await stream.publish(REJECTS, document, stream=REJECTED, headers=headers)
            await receipt.ack()

    async def close(self) -> None:
        """Sends what is still to be sent, if anybody is there."""
        client, self._client, self._pull = self._client, None, None
        if client is None:
            return
        with suppress(nats.errors.Error, OSError, TimeoutError):
            if client.is_connected:
                await client.flush(timeout=1)
        with suppress(nats.errors.Error, OSError, TimeoutError):
            await client.close()

    async def _connect(self, client: Client) -> None:
        address = self._address
        secrets: dict[str, Any] = {}
        if address.password is not None:
            secrets = {"user": self._guarded(client, address.user), "password": self._guarded(client, address.password)}
        elif address.user is not None:
            secrets = {"token": self._guarded(client, address.user)}
        self._not_permitted = ""
        await client.connect(
            list(address.servers),
            name="atsbridge",
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=self._told,
            tls=self._tls,
            **secrets,
        )
        _must_be_encrypted(client, address)

    def _guarded(self, client: Client, secret: str | None) -> Any:
        """Given away only where `tls://` was kept to: the client leaves that to what the server wants."""

        def give() -> str:
            _must_be_encrypted(client, self._address)
            return secret or ""

        return give

    async def _told(self, error: Exception) -> None:
        """What the server says without being asked; it then leaves a request without an answer."""
        if "permissions violation" in str(error).lower():
            self._not_permitted = f"the broker refuses: {str(error).removeprefix('nats: ')}"

    @asynccontextmanager
    async def _or_closed(self) -> AsyncIterator[None]:
        try:
            async with _in_our_words(lambda: self._not_permitted):
                yield
        except BaseException:
            await self.close()
            raise

    @staticmethod
    def _incoming() -> api.StreamConfig:
        # What was acknowledged is gone from it: it holds people's data.
        return api.StreamConfig(
            name=INCOMING,
            subjects=[SUBJECTS],
            retention=api.RetentionPolicy.WORK_QUEUE,
            storage=api.StorageType.FILE,
        )

    def _rejected(self) -> api.StreamConfig:
        return api.StreamConfig(
            name=REJECTED,
            subjects=[REJECTS],
            storage=api.StorageType.FILE,
            max_age=self._keep_seconds,
            duplicate_window=_DUPLICATE_SECONDS,
        )

    def _consumer(self) -> api.ConsumerConfig:
        return api.ConsumerConfig(
            durable_name=CONSUMER,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=self._ack_seconds,
            max_deliver=-1,
            max_ack_pending=BATCH * _BATCHES_OUT,
        )


async def _have_stream(stream: JetStreamContext, wanted: api.StreamConfig) -> None:
    """Makes it if there is none. One that somebody made is theirs to keep, if it takes what it must take."""
    try:
        found = (await stream.stream_info(wanted.name or "")).config
    except NotFoundError:
        with suppress(NotFoundError):
            await stream.add_stream(wanted)
        found = (await stream.stream_info(wanted.name or "")).config
    if found.subjects != wanted.subjects:
        raise UnavailableError(f"the broker's stream {wanted.name} has other subjects than {wanted.subjects}")


async def _have_consumer(stream: JetStreamContext, wanted: api.ConsumerConfig) -> None:
    """Makes it, or changes it to what is wanted.

    A server that removes a consumer while it is made anew can be left with one that it can no longer keep. That one is
    removed: what was not acknowledged comes again.
    """
    try:
        await stream.add_consumer(INCOMING, wanted)
    except ServerError:
        await stream.delete_consumer(INCOMING, CONSUMER)
        await stream.add_consumer(INCOMING, wanted)


def _must_be_encrypted(client: Client, address: Address) -> None:
    info = client._server_info  # noqa: SLF001 - nothing public tells whether the server's wish was TLS
    if address.tls and not info.get("tls_required"):
        raise nats.errors.SecureConnWantedError


def _receipt(message: Message) -> Msg:
    if not isinstance(message.receipt, Msg):
        raise TypeError("a message of another broker")
    return message.receipt


def _message(msg: Msg) -> Message:
    return Message(
        content=msg.data,
        connection=ConnectionId(msg.subject.removeprefix(PREFIX)),
        address=msg.subject,
        number=msg.metadata.sequence.stream,
        deliveries=msg.metadata.num_delivered,
        receipt=msg,
    )


@asynccontextmanager
async def _in_our_words(not_permitted: Callable[[], str] = str) -> AsyncIterator[None]:
    """What goes wrong with the broker as a failure of ours; nothing of the address or of a message is repeated."""
    try:
        yield
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise UnavailableError(not_permitted() or _words(error)) from None


def _words(error: Exception) -> str:
    match error:
        case ServiceUnavailableError() | nats.errors.NoRespondersError():
            return "the broker's JetStream does not answer"
        case ServerError():
            return "the broker failed at its end; its log says why"  # what it says to us may name its files
        case APIError():
            return f"the broker refuses: {error.description}"
        case nats.errors.SecureConnWantedError():
            return "the broker does not offer TLS"
        case nats.errors.Error() if "authorization violation" in str(error).lower():
            return "the broker refuses the credentials"
        case nats.errors.Error() if "empty response" in str(error):
            return "the broker does not answer"  # it was just ending
        case nats.errors.NoServersError() | nats.errors.ConnectionClosedError() | OSError() | TimeoutError():
            return "the broker does not answer"
        case _:
            return f"the broker failed ({type(error).__name__})"
