"""Time zones by the tz database that we ship (a server's own may be years old), and times without an offset."""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.errors import InvalidError


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `InvalidError` where there is none."""
    if name not in _names():
        raise InvalidError.at("", "is not the name of a time zone, such as America/Toronto")
    # `ZoneInfo(name)` would ask the system's database first: with that of 2025 Edmonton is an hour off since 2026-11.
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as stored:
        return ZoneInfo.from_file(stored, key=name)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


def to_utc(moment: datetime, local: ZoneInfo) -> datetime:
    """The instant of a time that may lack its offset.

    An hour that came twice (autumn), and one that never was (spring), can be read in two ways: the earlier counts, so
    that nobody who looks for what changed since then begins too late. Raises `OverflowError` at the ends of time.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return min(moment.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))


def since_local(moment: datetime, local: ZoneInfo) -> datetime:
    """The local time, without offset, from which a column of local times holds all that came at or after `moment`.

    Before the clocks have been put back, what comes later will bear times from an hour before.
    """
    there = moment.astimezone(local)
    later = there.replace(fold=1).utcoffset()
    sooner = there.replace(fold=0).utcoffset()
    wall = there.replace(tzinfo=None, fold=0)
    if there.fold or sooner is None or later is None or sooner <= later:
        return wall
    return wall - (sooner - later)
