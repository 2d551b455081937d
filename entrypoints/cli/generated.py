"""Documents that are made from the code: written anew, or compared with what is checked in."""

import sys
from pathlib import Path


def kept_or_written(text: str, *, check: Path | None, write: Path | None) -> int:
    """Writes the text, or compares it: 1 when the file says something else. Without either it is printed."""
    if write is not None:
        write.parent.mkdir(parents=True, exist_ok=True)
        write.write_text(text, encoding="utf-8")
        return 0
    if check is not None:
        if check.exists() and check.read_text(encoding="utf-8") == text:
            return 0
        print(f"atsbridge: {check} is stale: run `make docs`", file=sys.stderr)
        return 1
    print(text, end="")
    return 0
