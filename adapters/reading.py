"""Settings and credentials as people send them: every fault at once, each with its JSON Pointer; no value quoted."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address
from socket import inet_aton
from typing import Any, TypeAlias, TypeVar

import attrs
from yarl import URL

from domain.errors import Fault, InvalidError
from domain.policy import RecordType

S = TypeVar("S")

Reader: TypeAlias = Callable[[object], Any]
"""Gives the value as it is kept, or raises InvalidError with pointers below the value."""


_HASTIEST = 10


def pointed(name: str) -> str:
    """The pointer of one key."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def read(shape: type[S], readers: Mapping[str, Reader], given: object) -> S:
    """An attrs object of `shape`, each of its fields read by the reader of its name; null stands for the default."""
    if not isinstance(given, Mapping):
        raise InvalidError.at("", "must be an object")
    faults = [Fault(pointed(str(name)), "is not known here") for name in given if name not in readers]
    present = {name: value for name, value in given.items() if value is not None and name in readers}
    values, more = _each({name: readers[name] for name in present}, present)
    absent = [
        Fault(pointed(field.name), "is required")
        for field in attrs.fields(shape)  # type: ignore[arg-type]  # any attrs class comes here
        if field.default is attrs.NOTHING and field.name not in present
    ]
    if faults := [*faults, *more, *absent]:
        raise InvalidError(*faults)
    return shape(**values)


def _each(readers: Mapping[str, Reader], given: Mapping[str, object]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, reader in readers.items():
        try:
            values[name] = reader(given[name])
        except InvalidError as error:
            faults += [fault.beneath(pointed(name)) for fault in error.faults]
    return values, faults


def table(readers: Mapping[str, Reader]) -> Reader:
    """An object whose keys are all known, each value read by the reader of its name."""

    def read_table(given: object) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            raise InvalidError.at("", "must be an object")
        unknown = [Fault(pointed(str(name)), "is not known here") for name in given if name not in readers]
        values, faults = _each({name: readers[name] for name in given if name in readers}, given)
        if faults := [*unknown, *faults]:
            raise InvalidError(*faults)
        return values

    return read_table


def text(given: object) -> str:
    if not isinstance(given, str) or not given.strip() or not given.isprintable():
        raise InvalidError.at("", "must be a text that is not empty")
    return given


def matching(pattern: str, what: str) -> Reader:
    """A text that fits the pattern as a whole; `what` says what it must be."""
    compiled = re.compile(pattern)

    def read_matching(given: object) -> str:
        if not isinstance(given, str) or not compiled.fullmatch(given):
            raise InvalidError.at("", f"must be {what}")
        return given

    return read_matching


def number(least: float, most: float, *, whole: bool = False) -> Reader:
    """A number within bounds, both included."""
    kinds = (int,) if whole else (int, float)

    def read_number(given: object) -> float:
        if isinstance(given, bool) or not isinstance(given, kinds) or not least <= given <= most:
            raise InvalidError.at("", f"must be a {'whole ' if whole else ''}number from {least:g} to {most:g}")
        return given

    return read_number


def one_of(*choices: str) -> Reader:
    def read_choice(given: object) -> str:
        if given not in choices or not isinstance(given, str):
            raise InvalidError.at("", f"must be one of: {', '.join(choices)}")
        return given

    return read_choice


def pull_seconds(given: object) -> dict[str, float]:
    """How often each kind of record is pulled; 0: only when asked for."""
    seconds: dict[str, float] = table({kind.value: number(0, 7 * 86_400) for kind in RecordType})(given)
    if hasty := [kind for kind, every in seconds.items() if 0 < every < _HASTIEST]:
        raise InvalidError(*(Fault(pointed(kind), f"must be 0, or {_HASTIEST} or more") for kind in hasty))
    return seconds


def address(usual_path: str = "") -> Reader:
    """The address of an API; where it has no path, the usual one is taken.

    Credentials go there: https, or http on this very machine.
    """

    def read_address(given: object) -> str:
        url = _url(given)
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host or "")):
            raise InvalidError.at("", "must be https, because credentials are sent there")
        if _is_link_local(url.host or ""):
            raise InvalidError.at("", "must not be a link-local address")
        path = url.raw_path.rstrip("/") or usual_path
        return str(url.origin()) + path

    return read_address


def _url(given: object) -> URL:
    try:
        url = URL(given) if isinstance(given, str) else URL()
        plain = url.absolute and url.user is None and url.password is None
        if plain and not url.raw_query_string and not url.raw_fragment and url.origin().host:
            return url
    except ValueError:
        pass
    raise InvalidError.at("", "must be an address such as https://host/path and nothing more")


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_link_local(host: str) -> bool:
    try:
        # Old spellings too (one number, hexadecimal): whatever connects later understands them.
        address = ip_address(inet_aton(host)) if ":" not in host else ip_address(host)
    except (ValueError, OSError):
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_link_local
