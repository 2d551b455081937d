"""Events as Kombo sends them."""

import base64
import hashlib
import hmac
import json
from typing import Any

from adapters.kombo.events import SIGNATURE

SECRET = "canary-webhook-secret-Jh6fR2"
INTEGRATION = "avionte:HWUTwvyx2wLoSUHphiWVrp28"
CREDENTIALS = {"api_key": "canary-kombo-key-Ws3kP9", "integration_id": INTEGRATION, "webhook_secret": SECRET}


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {SIGNATURE: base64.urlsafe_b64encode(digest).decode().rstrip("=")}


def an_event(kind: str = "data-changed", n: int = 1, **data: Any) -> bytes:
    """The `n`th event; `data` beside what each has."""
    if kind == "data-changed" and not data:
        data = {"changed_models": [{"name": "ats_jobs"}, {"name": "ats_applications"}]}
    whose = {"integration_id": INTEGRATION, "integration_tool": "avionte", "integration_category": "ATS"}
    return json.dumps({"id": f"event{n}", "type": kind, "data": {**whose, **data}}).encode()
