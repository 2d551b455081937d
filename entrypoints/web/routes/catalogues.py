"""What a customer's ATS knows beside records: stages, reasons, custom fields."""

from typing import Literal

import attrs
from msgspec import UNSET, UnsetType

from application.facts import fields_of
from domain.custom_field import FieldDefinition, FieldKind
from domain.evidence import CannotTell
from domain.job_application import DispositionReason, Stage
from domain.policy import RecordType
from entrypoints.web.live import gateway_of, reading
from entrypoints.web.operation import Call, NoQuery, Reply
from entrypoints.web.paging import Items
from entrypoints.web.problems import not_found
from entrypoints.web.replies import unless_none
from ports.gateway import need


@attrs.frozen(kw_only=True)
class StagesQuery:
    """Stages that cannot be entered from outside are left out unless `barred=include`."""

    barred: Literal["include", "exclude"] = "exclude"


@attrs.frozen(kw_only=True)
class FieldReply:
    """A custom field with the value that a record has, if it has one."""

    id: str
    name: str
    kind: FieldKind
    options: tuple[str, ...]
    required: bool
    kind_text: str | UnsetType = UNSET
    value: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class FieldsReply:
    """The custom fields of a record; `cannot_tell` says why the ATS does not show their values."""

    items: tuple[FieldReply, ...]
    cannot_tell: str | UnsetType = UNSET


async def list_stages(call: Call[None, StagesQuery]) -> Reply:
    stages = await need((await gateway_of(call)).stages).stages()
    wanted = call.query.barred == "include"
    return Reply(value=Items(items=tuple(stage for stage in stages if wanted or stage.barred is None)))


async def list_reasons(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=Items(items=await need((await gateway_of(call)).reasons).reasons()))


async def list_fields(call: Call[None, NoQuery]) -> Reply:
    name = call.params["record"]
    if name not in frozenset(RecordType):
        raise not_found()
    port = need(fields_of(await gateway_of(call), RecordType(name)))
    return Reply(value=Items(items=await port.definitions()))


async def get_job_fields(call: Call[None, NoQuery]) -> Reply:
    return await _with_values(call, RecordType.JOB)


async def get_application_fields(call: Call[None, NoQuery]) -> Reply:
    return await _with_values(call, RecordType.APPLICATION)


async def get_candidate_fields(call: Call[None, NoQuery]) -> Reply:
    return await _with_values(call, RecordType.CANDIDATE)


async def _with_values(call: Call[None, NoQuery], record: RecordType) -> Reply:
    port = need(fields_of(await gateway_of(call), record))
    definitions = await port.definitions()
    found = await port.current(call.params[record])
    if isinstance(found, CannotTell):
        shown = tuple(_shown(one, None) for one in definitions)
        return Reply(value=FieldsReply(items=shown, cannot_tell=found.why))
    values = {one.field: one.value for one in found}
    return Reply(value=FieldsReply(items=tuple(_shown(one, values.get(one.id)) for one in definitions)))


def _shown(one: FieldDefinition, value: str | None) -> FieldReply:
    return FieldReply(
        id=one.id,
        name=one.name,
        kind=one.kind,
        options=one.options,
        required=one.required,
        kind_text=unless_none(one.kind_text),
        value=unless_none(value),
    )


_CONNECTION = "/v1/connections/{connection}"
OPERATIONS = (
    reading(f"{_CONNECTION}/stages", "The stages of the workflow", list_stages, StagesQuery, Items[Stage]),
    reading(
        f"{_CONNECTION}/disposition-reasons",
        "Why applications are rejected, the inactive reasons included",
        list_reasons,
        NoQuery,
        Items[DispositionReason],
    ),
    reading(
        f"{_CONNECTION}/custom-fields/{{record}}",
        "The custom fields of a kind of record: job, application or candidate",
        list_fields,
        NoQuery,
        Items[FieldDefinition],
    ),
    reading(f"{_CONNECTION}/jobs/{{job}}/custom-fields", "A job's fields", get_job_fields, NoQuery, FieldsReply),
    reading(
        f"{_CONNECTION}/applications/{{application}}/custom-fields",
        "An application's fields",
        get_application_fields,
        NoQuery,
        FieldsReply,
    ),
    reading(
        f"{_CONNECTION}/candidates/{{candidate}}/custom-fields",
        "A candidate's fields",
        get_candidate_fields,
        NoQuery,
        FieldsReply,
    ),
)
