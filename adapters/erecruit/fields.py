"""Custom fields of jobs, applications or candidates: one value a request, all of them texts, never cleared."""

from collections.abc import Mapping
from typing import Any

import attrs

from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import (
    APPLICATION_FIELDS,
    APPLICATION_VALUES,
    CANDIDATE_FIELDS,
    CANDIDATE_VALUES,
    JOB_FIELDS,
    JOB_VALUES,
    SET_APPLICATION_FIELD,
    SET_CANDIDATE_FIELD,
    SET_JOB_FIELD,
)
from adapters.erecruit.routing import PROVIDER, Wiring, numeric, unlike
from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.together import Remembered
from domain.custom_field import FieldDefinition, FieldUpdate, FieldValue, canonical
from domain.errors import InvalidError
from domain.evidence import EvidenceGrade, Receipt
from domain.ids import FieldId
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError
from ports.fields import CustomFields


@attrs.frozen
class _Rows:
    definitions: Endpoint[list[wire.FieldDefinition]]
    values: Endpoint[list[wire.FieldValue]]
    update: Endpoint[wire.FieldValue]


_ROWS = {
    RecordType.CANDIDATE: _Rows(CANDIDATE_FIELDS, CANDIDATE_VALUES, SET_CANDIDATE_FIELD),
    RecordType.APPLICATION: _Rows(APPLICATION_FIELDS, APPLICATION_VALUES, SET_APPLICATION_FIELD),
    RecordType.JOB: _Rows(JOB_FIELDS, JOB_VALUES, SET_JOB_FIELD),
}


class RecordFields(CustomFields):
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        self._rows = _ROWS[kind]
        self.reads: tuple[Endpoint[Any], ...] = (self._rows.definitions, self._rows.values)
        self.uses = (*self.reads, self._rows.update)
        self._calls = wiring.calls(self.uses)
        self._kind = kind
        self._known = Remembered(self._read)

    async def definitions(self) -> tuple[FieldDefinition, ...]:
        return tuple((await self._known.all()).values())

    async def current(self, record: str) -> tuple[FieldValue, ...]:
        path = {f"{self._kind}_id": numeric(record, f"{self._kind}_id")}
        rows = await self._calls.call(self._rows.values, path=path)
        known = await self._known.covering(FieldId(str(row.ID)) for row in rows)
        return tuple(codec.field_value(row, known) for row in rows)

    async def update(self, record: str, update: FieldUpdate, attempt: Attempt) -> Receipt:
        number = numeric(record, f"{self._kind}_id")
        definition = await self._definition(update.field)
        value = codec.field_text(definition, _checked(definition, update.value))
        path = {f"{self._kind}_id": number, "field_id": definition.id}
        body = json_body({"ID": int(definition.id), "Name": definition.name, "Value": value})
        with naming(self._kind, record):
            echo = await self._calls.call(self._rows.update, path=path, body=body, attempt=attempt)
        if codec.field_value(echo, {definition.id: definition}).value != _checked(definition, value):
            raise unlike(self._rows.update)
        return Receipt(id=definition.id, sha256=codec.digest(value.encode()))

    async def _definition(self, field: FieldId) -> FieldDefinition:
        wanted = FieldId(numeric(field, "field"))
        definition = (await self._known.covering([wanted])).get(wanted)
        if definition is None:
            raise InvalidInputError(f"the {self._kind} has no field {wanted}", field="field", provider=PROVIDER)
        return definition

    async def _read(self) -> Mapping[FieldId, FieldDefinition]:
        definitions = [codec.field_definition(row) for row in await self._calls.call(self._rows.definitions)]
        return {definition.id: definition for definition in definitions}


def _checked(definition: FieldDefinition, value: str) -> str:
    try:
        return canonical(definition, value)
    except InvalidError as error:
        fault = error.faults[0]
        raise InvalidInputError(f"field {definition.id} {fault.message}", field="value", provider=PROVIDER) from None
