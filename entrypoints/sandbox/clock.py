"""The time of a sandbox that nobody gave a clock of their own."""

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
