"""Custom fields of jobs, candidates or applications: one value a request, read live, never cleared."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs
import structlog

from adapters.avionte import codec, wire
from adapters.avionte.codec import PROVIDER, Field
from adapters.avionte.endpoints import (
    APPLICATION_FIELDS,
    APPLICATION_VALUES,
    CANDIDATE_FIELDS,
    CANDIDATE_VALUES,
    JOB,
    JOB_FIELDS,
    SET_APPLICATION_FIELD,
    SET_CANDIDATE_FIELD,
    SET_JOB_FIELD,
)
from adapters.avionte.routing import Talents, Targets, Wiring, unlike
from adapters.kombo.passthrough import Changed, Passed
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.together import Remembered
from domain.custom_field import FieldDefinition, FieldUpdate, FieldValue, canonical
from domain.errors import InvalidError
from domain.evidence import EvidenceGrade, Receipt
from domain.ids import FieldId
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError, PortError
from ports.fields import CustomFields

log = structlog.get_logger(__name__)


@attrs.frozen
class _Rows:
    definitions: Endpoint[Passed[list[wire.Keyed]]]
    values: Endpoint[Passed[wire.Keyed]]
    update: Endpoint[Changed[Any]]


_ROWS = {
    RecordType.JOB: _Rows(JOB_FIELDS, JOB, SET_JOB_FIELD),
    RecordType.CANDIDATE: _Rows(CANDIDATE_FIELDS, CANDIDATE_VALUES, SET_CANDIDATE_FIELD),
    RecordType.APPLICATION: _Rows(APPLICATION_FIELDS, APPLICATION_VALUES, SET_APPLICATION_FIELD),
}


class RecordFields(CustomFields):
    """Read from Avionté itself, not from Kombo's copy: what was set a moment ago is seen."""

    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, targets: Targets, kind: RecordType) -> None:
        self._rows = _ROWS[kind]
        self.reads: tuple[Endpoint[Any], ...] = (self._rows.definitions, self._rows.values)
        own = (*self.reads, self._rows.update)
        self.uses = (*own, *Talents.uses, *targets.uses) if kind is RecordType.CANDIDATE else (*own, *targets.uses)
        self._calls = wiring.beyond(own)
        self._targets, self._talents = targets, Talents(wiring, targets)
        self._word = wiring.word
        self._kind = kind
        self._known = Remembered(self._read)

    async def definitions(self) -> tuple[FieldDefinition, ...]:
        return tuple(field.definition for field in (await self._known.all()).values() if not field.archived)

    async def current(self, record: str) -> tuple[FieldValue, ...]:
        path = {f"{self._kind}_id": await self._targets.id_of(self._kind, record)}
        with naming(self._kind, record):
            row = await self._calls.call(self._rows.values, path=path)
        return codec.values(row, self._kind, await self.known([row]), self._word)

    async def known(self, rows: Iterable[wire.Keyed]) -> Mapping[FieldId, Field]:
        """The definitions, read anew if these records have a value of a field that is not among them."""
        told: set[FieldId] = set()
        for row in rows:
            # Whose values cannot be read at all must not hold up the others.
            with suppress(MalformedReplyError):
                told |= {value.field for value in codec.values(row, self._kind, {}, self._word)}
        return await self._known.covering(told)

    async def update(self, record: str, update: FieldUpdate, attempt: Attempt) -> Receipt:
        field = await self._field(update.field)
        value = _checked(field.definition, update.value)
        number = await self._targets.id_of(self._kind, record)
        path = {f"{self._kind}_id": number}
        detail = {self._word("value.definition"): field.id, self._word("value.value"): field.sent(value)}
        try:
            with naming(self._kind, record):
                made = await self._calls.change(
                    self._rows.update, path=path, data={self._word("update.values"): [detail]}, attempt=attempt
                )
        except NotFoundError as error:
            raise await self._gone(record, number, error) from None
        if isinstance(made.said, dict) and self._is_unlike(made.said, field, value):
            raise unlike(self._rows.update)
        return Receipt(id=field.definition.id, sha256=codec.digest(value.encode()), warnings=made.warnings)

    def _is_unlike(self, echo: wire.Keyed, field: Field, value: str) -> bool:
        try:
            told = codec.values(echo, self._kind, {field.definition.id: field}, self._word)
        except MalformedReplyError:
            return True
        return any(one.field == field.definition.id and one.value != value for one in told)

    async def _gone(self, record: str, number: str, error: NotFoundError) -> PortError:
        if self._kind is RecordType.CANDIDATE:
            return await self._talents.missing(record, number, self._rows.update, error)
        return error

    async def _field(self, field: FieldId) -> Field:
        known = (await self._known.covering([field])).get(field)
        if known is None or known.archived:
            raise InvalidInputError(f"the {self._kind} has no field {field}", field="field", provider=PROVIDER)
        return known

    async def _read(self) -> Mapping[FieldId, Field]:
        rows = await self._calls.call(self._rows.definitions)
        fields = codec.fields(rows, self._word)
        for field in fields.values():
            if field.definition.kind_text is not None:
                log.warning("a custom field of a type that is not known is text", field=field.definition.id)
        return fields


def _checked(definition: FieldDefinition, value: str) -> str:
    try:
        return canonical(definition, value)
    except InvalidError as error:
        fault = error.faults[0]
        raise InvalidInputError(f"field {definition.id} {fault.message}", field="value", provider=PROVIDER) from None
