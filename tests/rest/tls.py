"""Certificates of an authority that nobody trusts unless told to."""

import hashlib
import ssl
from socket import AddressFamily

import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

AUTHORITY = trustme.CA()


def server_context(*names: str) -> tuple[ssl.SSLContext, str]:
    """A server's context for these names, and the pin of its certificate."""
    issued = AUTHORITY.issue_cert(*names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
    return context, hashlib.sha256(der).hexdigest()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


class Names(AbstractResolver):
    """Every name lives on one local port; `asked` is what was looked up."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port, family=AddressFamily.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass
