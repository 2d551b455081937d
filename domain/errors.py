"""Broken rules of ours, as opposed to failures of the outside (`ports.errors`)."""

from typing import Self

import attrs


@attrs.frozen
class Fault:
    """One thing wrong with what somebody sent: where (a JSON Pointer) and what."""

    pointer: str
    message: str

    def beneath(self, prefix: str) -> "Fault":
        return Fault(prefix + self.pointer, self.message)


class DomainError(Exception):
    """A rule of ours was broken."""


class PlanMovedError(DomainError):
    """The plan that was agreed to is not the one that would be carried out now."""


class NotAllowedError(DomainError):
    """The caller may do much, but not this."""


class UnknownSenderError(DomainError):
    """Who sent it does not show to be who they say; why is not for them."""


class InvalidError(DomainError):
    """What was sent breaks one or more rules; `faults` names every one."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.pointer} {fault.message}".strip() for fault in faults))
        self.faults = faults

    @classmethod
    def at(cls, pointer: str, message: str) -> Self:
        return cls(Fault(pointer, message))
