"""`atsbridge openapi`: the description of the HTTP API."""

import json
from pathlib import Path

from entrypoints.cli.generated import kept_or_written
from entrypoints.web.openapi import document


def openapi(*, check: Path | None = None, write: Path | None = None) -> int:
    """Print the OpenAPI document, write it to a file, or compare it with one (1 if that is stale)."""
    return kept_or_written(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", check=check, write=write)
