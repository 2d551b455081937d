"""From our ids to Avionté's: before anything is sent, it is looked up under which id Avionté knows a record."""

import re
from collections.abc import Iterable
from typing import Any

import attrs

from adapters.avionte import settings
from adapters.avionte.codec import PROVIDER
from adapters.avionte.endpoints import TALENT
from adapters.kombo import wire
from adapters.kombo.endpoints import LIST_APPLICATIONS, LIST_CANDIDATES, LIST_JOBS
from adapters.kombo.passthrough import Passthrough
from adapters.kombo.routing import Wiring as KomboWiring
from adapters.kombo.routing import by_id
from adapters.likeness import email_key
from adapters.rest.endpoint import Endpoint
from domain.policy import RecordType
from ports.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    UnsupportedError,
)

NUMBER = re.compile(r"[0-9]{1,18}")
MISSING = (NotFoundError, ForbiddenError, UnsupportedError)
"""A part of a record that Avionté does not have, or not for us: the rest is shown without it."""


@attrs.frozen
class Wiring:
    """What every capability is built from: Kombo's wiring, and Avionté's words."""

    kombo: KomboWiring

    def word(self, name: str) -> str:
        """What this customer has for an assumed word."""
        return settings.word(self.kombo.settings, name)

    def beyond(self, uses: Iterable[Endpoint[Any]]) -> Passthrough:
        """The calls of a capability to Avionté itself."""
        return Passthrough(self.kombo, uses)


class Targets:
    """Which record of Avionté's a record of Kombo's is."""

    uses: tuple[Endpoint[Any], ...] = (LIST_JOBS, LIST_CANDIDATES, LIST_APPLICATIONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.kombo.calls(self.uses)

    async def id_of(self, kind: RecordType, record: str) -> str:
        """Avionté's id. Of an application it is Kombo's composite, which is no number.

        Raises NotFoundError; ConflictError for a candidate who was merged or removed; InvalidInputError for a record
        that has no such id.
        """
        match kind:
            case RecordType.JOB:
                job = await self._calls.record(LIST_JOBS, record, wire.Job, "job")
                return _numeric("job", record, job.remote_id)
            case RecordType.CANDIDATE:
                return _numeric("candidate", record, (await self._candidate(record)).remote_id)
            case RecordType.APPLICATION:
                application = await self._calls.record(LIST_APPLICATIONS, record, wire.Application, "application")
                return _known("application", record, application.remote_id)

    async def _candidate(self, record: str) -> wire.Candidate:
        try:
            return await self._calls.record(LIST_CANDIDATES, record, wire.Candidate, "candidate")
        except NotFoundError as error:
            raise await self.retired(record, error) from None

    async def retired(self, record: str, error: NotFoundError) -> NotFoundError | ConflictError:
        """What to say of a candidate who is not to be found: whether they were known, and who bears their name now.

        Nothing is written to that other one: a name and an e-mail address do not prove that it is the same person.
        """
        query = {**by_id(record, "candidate_id", PROVIDER), "include_deleted": "true"}
        known = await self._calls.all(LIST_CANDIDATES, query, wire.Candidate)
        if not known:
            return error
        others = [other.id for other in await self._namesakes(known[0])]
        one = f"candidate {others[0]} bears" if len(others) == 1 else f"{len(others) or 'no'} other candidates bear"
        message = f"candidate {record} was merged or removed in Avionté; {one} the same name and e-mail address"
        return ConflictError(message, provider=PROVIDER, operation=LIST_CANDIDATES.name)

    async def _namesakes(self, one: wire.Candidate) -> list[wire.Candidate]:
        found: dict[str, wire.Candidate] = {}
        for address in _addresses(one):
            rows = await self._calls.all(LIST_CANDIDATES, {"email": address}, wire.Candidate)
            found.update({row.id: row for row in rows if row.id != one.id and _alike(row, one)})
        return list(found.values())


class Talents:
    """What it means when a call on a candidate is answered by "not found"."""

    uses: tuple[Endpoint[Any], ...] = (TALENT,)

    def __init__(self, wiring: Wiring, targets: Targets) -> None:
        self._avionte = wiring.beyond(self.uses)
        self._targets = targets

    async def missing(
        self, record: str, talent: str, row: Endpoint[Any], error: NotFoundError
    ) -> NotFoundError | ConflictError | UnsupportedError:
        """The talent is gone, or this Avionté does not have the call. Nothing was done in either case."""
        try:
            await self._avionte.call(TALENT, path={"candidate_id": talent})
        except NotFoundError:
            return await self._targets.retired(record, error)
        except PortError:
            return error
        why = f"this customer's Avionté does not offer {row.method} {row.path}"
        return UnsupportedError(why, provider=PROVIDER, capability=row.name)


def _addresses(row: wire.Candidate) -> list[str]:
    return [known.email_address for known in row.email_addresses or () if known.email_address]


def _alike(row: wire.Candidate, other: wire.Candidate) -> bool:
    names = [((one.first_name or "").casefold(), (one.last_name or "").casefold()) for one in (row, other)]
    addresses = [{email_key(address) for address in _addresses(one)} for one in (row, other)]
    return names[0] == names[1] and bool(addresses[0] & addresses[1])


def _known(kind: str, record: str, remote: str | None) -> str:
    if not remote:
        message = f"{kind} {record} has no id in Avionté"
        raise InvalidInputError(message, field=f"{kind}_id", provider=PROVIDER)
    return remote


def _numeric(kind: str, record: str, remote: str | None) -> str:
    """Jobs and talents have numbers: nothing else may be sent as one."""
    if not NUMBER.fullmatch(_known(kind, record, remote)):
        message = f"{kind} {record} has no number in Avionté: its id there is a composite"
        raise InvalidInputError(message, field=f"{kind}_id", provider=PROVIDER)
    return remote or ""


def unlike(row: Endpoint[Any]) -> OutcomeUnknownError:
    """For a success whose answer speaks of something else than was asked for: a look must tell what stands there."""
    message = f"{PROVIDER} {row.name}: the answer shows another value than the one sent"
    return OutcomeUnknownError(message, provider=PROVIDER, operation=row.name)
