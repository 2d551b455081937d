"""The route table, walked: every operation with its path filled in."""

import re
from collections.abc import Mapping
from typing import Any

from entrypoints.web.operation import Operation
from entrypoints.web.routes.table import OPERATIONS
from tests import builders as b

WITH_KEY = tuple(one for one in OPERATIONS if one.permission is not None)
UNDER_A_CONNECTION = tuple(one for one in WITH_KEY if "{connection}" in one.path)
IDS: Mapping[str, str] = {
    "application": b.APPLICATION,
    "candidate": b.CANDIDATE,
    "job": b.JOB,
    "record": "job",
    "call": "call-1",
    "n": "1",
}
EVERY_HEADER = {"Idempotency-Key": "key-1"}


def name_of(operation: Operation[Any, Any]) -> str:
    return f"{operation.method} {operation.path}"


def filled(path: str, **ids: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: {**IDS, **ids}.get(found[1], "unknown"), path)
