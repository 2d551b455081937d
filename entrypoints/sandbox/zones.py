"""Time zones by the database that is shipped with the product: a machine's own may be years old."""

from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@lru_cache(maxsize=16)
def shipped(name: str) -> ZoneInfo:
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as stored:
        return ZoneInfo.from_file(stored, key=name)
