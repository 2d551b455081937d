"""`atsbridge asyncapi`: the description of the queue."""

import json
from pathlib import Path

from entrypoints.cli.generated import kept_or_written
from entrypoints.worker.asyncapi import document


def asyncapi(*, check: Path | None = None, write: Path | None = None) -> int:
    """Print the AsyncAPI document, write it to a file, or compare it with one (1 if that is stale)."""
    return kept_or_written(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", check=check, write=write)
