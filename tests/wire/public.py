"""The hosts that stand in recordings in place of the sandbox's, and what must never stand there."""

import re
from collections.abc import Mapping
from typing import Any

from entrypoints.sandbox import people
from entrypoints.sandbox.erecruit.server import CREDENTIALS

STANDARD, LEGACY = "https://erecruit.example.test", "https://webapi.example.test"
REDACTED = "REDACTED"
CONNECTION: Mapping[str, Any] = {
    "settings": {
        "base_url": f"{STANDARD}/webapi",
        "login_url": f"{STANDARD}/t/token",
        "legacy_url": f"{LEGACY}/api",
        "time_zone": "America/Toronto",
    },
    "credentials": dict(CREDENTIALS),
}
SECRETS = (*CREDENTIALS.values(), *people.canaries())

_TOKEN = re.compile(rb'("(?:access_token|Token)":\s*")[^"]*"')


def scrubbed(content: bytes, addresses: Mapping[str, str]) -> bytes:
    """Without tokens, credentials, people whom outputs are searched for, and addresses of the moment."""
    for real, public in addresses.items():
        content = content.replace(real.encode(), public.encode())
    for secret in SECRETS:
        content = content.replace(secret.encode(), REDACTED.encode())
    return _TOKEN.sub(rb'\1REDACTED"', content)
