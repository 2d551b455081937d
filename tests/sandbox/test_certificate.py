"""The legacy host's certificate fails every check that a client makes, and can be pinned all the same."""

import ssl

import aiohttp
import pytest
import trustme

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from tests.sandbox.client import Client, connected

BODY = {"UserName": "x", "Password": "x", "EntityID": "x"}


async def knock(client: Client, trust: ssl.SSLContext | aiohttp.Fingerprint) -> int:
    url = client.sandbox.base_urls["legacy"] + "/Authenticate"
    async with client.session.post(url, json=BODY, ssl=trust) as response:
        return response.status


async def test_nobody_trusts_it(client: Client) -> None:
    with pytest.raises(aiohttp.ClientConnectorCertificateError, match="unable to get local issuer certificate"):
        await knock(client, ssl.create_default_context())


async def test_it_bears_another_name(sandbox: ErecruitSandbox, client: Client) -> None:
    """Even a client that trusts this very certificate is told that it is for somebody else."""
    context = ssl.create_default_context(cadata=sandbox.certificates["legacy"].decode())
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    with pytest.raises(aiohttp.ClientConnectorCertificateError, match="IP address mismatch"):
        await knock(client, context)
    context.check_hostname = False
    assert await knock(client, context) == 401


async def test_a_pin_holds(sandbox: ErecruitSandbox, client: Client) -> None:
    pin = bytes.fromhex(sandbox.fingerprints["legacy"])
    assert await knock(client, aiohttp.Fingerprint(pin)) == 401
    with pytest.raises(aiohttp.ServerFingerprintMismatch):
        await knock(client, aiohttp.Fingerprint(bytes(32)))


async def test_it_differs_from_run_to_run(sandbox: ErecruitSandbox) -> None:
    async with running() as other:
        assert other.fingerprints != sandbox.fingerprints


async def test_another_certificate_may_be_given() -> None:
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    leaf = authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA)
    pair = (b"".join(blob.bytes() for blob in leaf.cert_chain_pems), leaf.private_key_pem.bytes())
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with running(legacy_certificate=pair) as sandbox, connected(sandbox) as client:
        assert await knock(client, context) == 401
