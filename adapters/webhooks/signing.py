"""Signatures as Standard Webhooks has them, made by its own library."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from standardwebhooks import Webhook

PREFIX = "whsec_"


def signed(event: str, body: bytes, secrets: Iterable[str], now: datetime) -> Mapping[str, str]:
    """The headers of one attempt, a signature for each secret: whoever knows one of them can verify it."""
    text = body.decode()
    signatures = [_signer(secret).sign(event, now, text) for secret in secrets]
    return {
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


_signer = lru_cache(1_024)(Webhook)
