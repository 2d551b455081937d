"""Custom fields: custom data of employees, orders and assignments. Candidates on orders have none.

TempWorks tells what is defined only with the values of a record: so definitions are those that any record shows.
"""

from typing import Any

import attrs

from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, properties, wire
from adapters.tempworks.endpoints import (
    APPLICATION_DATA,
    CANDIDATE_DATA,
    JOB_DATA,
    LIST_ASSIGNMENTS,
    LIST_EMPLOYEES,
    LIST_JOB_ORDERS,
    OPTIONS,
    SET_APPLICATION_DATA,
    SET_CANDIDATE_DATA,
    SET_JOB_DATA,
)
from adapters.tempworks.lists import at_once
from adapters.tempworks.properties import Property
from adapters.tempworks.references import Kind, reference
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from domain.custom_field import FieldDefinition, FieldUpdate, FieldValue
from domain.errors import InvalidError
from domain.evidence import EvidenceGrade, Receipt
from domain.ids import FieldId
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import ForbiddenError, InvalidInputError, NotFoundError
from ports.fields import CustomFields

NO_FIELDS = "candidates on orders have no custom data, only assignments have"


@attrs.frozen(kw_only=True)
class _Rows:
    list: Endpoint[wire.Listing]
    id: str
    values: Endpoint[wire.Listing]
    update: Endpoint[None]


_ROWS = {
    RecordType.CANDIDATE: _Rows(list=LIST_EMPLOYEES, id="employeeId", values=CANDIDATE_DATA, update=SET_CANDIDATE_DATA),
    RecordType.APPLICATION: _Rows(
        list=LIST_ASSIGNMENTS, id="assignmentId", values=APPLICATION_DATA, update=SET_APPLICATION_DATA
    ),
    RecordType.JOB: _Rows(list=LIST_JOB_ORDERS, id="orderId", values=JOB_DATA, update=SET_JOB_DATA),
}


class CustomData(CustomFields):
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        self._rows = _ROWS[kind]
        self.reads: tuple[Endpoint[Any], ...] = (self._rows.values,)
        self.uses = (*self.reads, self._rows.list, OPTIONS, self._rows.update)
        self._calls = wiring.calls(self.uses)
        self._kind = kind
        self._options: dict[FieldId, tuple[str, ...]] = {}

    async def definitions(self) -> tuple[FieldDefinition, ...]:
        """Those of the first record that there is; none where nobody has any record."""
        first = await self._calls.call(self._rows.list, query={"skip": "0", "take": "1"})
        if not first.data:
            return ()
        shown = codec.decoded(dict[str, object], bytes(first.data[0]))
        self._options.clear()
        rows = await self._values(codec.ident(shown.get(self._rows.id), f"$.{self._rows.id}"))
        return tuple([(await self._property(row)).definition for row in rows if codec.flag(row.isActive) is not False])

    async def current(self, record: str) -> tuple[FieldValue, ...]:
        number = self._number(record)
        with naming(self._kind, record):
            rows = [row for row in await self._values(number) if codec.flag(row.isActive) is not False]
        # Which values a data list has is not asked here: what stands there is shown as it is.
        return tuple(properties.value_of(row, properties.property_of(row, ())) for row in rows)

    async def update(self, record: str, update: FieldUpdate, attempt: Attempt) -> Receipt:
        number = self._number(record)
        with naming(self._kind, record):
            known = await self._settable(number, update.field)
            value = _fitting(known, update.value)
            given = {"propertyDefinitionId": known.definition.id, "propertyValue": value}
            body = json_body({"propertyValues": [given]})
            await self._calls.call(self._rows.update, path={f"{self._kind}_id": number}, body=body, attempt=attempt)
        return Receipt(id=known.definition.id, sha256=codec.digest(body.content))

    def _number(self, record: str) -> str:
        if self._kind is not RecordType.APPLICATION:
            return numeric(record, f"{self._kind}_id")
        meant = reference(record)
        if meant.kind is not Kind.ASSIGNMENT:
            raise InvalidInputError(NO_FIELDS, field="application_id", provider=PROVIDER)
        return meant.number

    async def _values(self, number: str) -> list[wire.CustomProperty]:
        path = {f"{self._kind}_id": number}
        return await at_once(self._calls, self._rows.values, wire.CustomProperty, path=path)

    async def _settable(self, number: str, field: FieldId) -> Property:
        """The property as the record shows it right now. Raises InvalidInputError where it cannot be set."""
        rows = {row.propertyDefinitionId.strip().casefold(): row for row in await self._values(number)}
        row = rows.get(field.strip().casefold())
        if row is None:
            raise InvalidInputError(f"the {self._kind} has no such field", field="field", provider=PROVIDER)
        known = await self._property(row)
        if known.fault is not None:
            message = f"field {known.definition.id} {known.fault}"
            raise InvalidInputError(message, field="field", provider=PROVIDER)
        return known

    async def _property(self, row: wire.CustomProperty) -> Property:
        options: tuple[str, ...] = ()
        if codec.flag(row.hasDatalist):
            field = FieldId(row.propertyDefinitionId.strip().casefold())
            if field not in self._options:
                self._options[field] = await self._listed(field)
            options = self._options[field]
        return properties.property_of(row, options)

    async def _listed(self, field: FieldId) -> tuple[str, ...]:
        """The values of a data list; none where we may not see it, and then no value can be set."""
        try:
            rows = await at_once(self._calls, OPTIONS, wire.Option, path={"field_id": field})
        except (NotFoundError, ForbiddenError):
            return ()
        return tuple(row.value for row in rows if row.value and codec.flag(row.isActive) is not False)


def _fitting(known: Property, value: str) -> object:
    try:
        return properties.wire_value(known, value)
    except InvalidError as error:
        message = f"field {known.definition.id} {error.faults[0].message}"
        raise InvalidInputError(message, field="value", provider=PROVIDER) from None
