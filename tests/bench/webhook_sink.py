"""A receiver that does as little as it can: every POST is answered 204, those to `/silent` never."""

import asyncio

import attrs

_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


@attrs.define(eq=False)
class Sink(asyncio.Protocol):
    """One connection, whose requests come one after the other."""

    transport: asyncio.Transport | None = None
    received: bytes = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, rest = self.received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not end or len(rest) < length:
            return
        self.received = b""
        if self.transport is not None and b" /silent " not in head[:32]:
            self.transport.write(_TAKEN)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
