"""What nobody outside has documented of Avionté: one table, overridden by setting `assumed`."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        # Keys of a custom field's definition.
        "definition.id": "id",
        "definition.name": "name",
        "definition.type": "type",
        "definition.required": "isRequired",
        "definition.archived": "isArchived",
        "definition.options": "options",
        # Where a record has its values; of these only that of jobs is public.
        "values.job": "customJobDetails",
        "values.candidate": "customDetails",
        "values.application": "customDetails",
        # Keys of one value.
        "value.definition": "definitionId",
        "value.name": "name",
        "value.value": "value",
        # Under which key values are changed.
        "update.values": "customDetails",
        # Names of the types of custom fields.
        "type.text": "Text",
        "type.long_text": "LongText",
        "type.number": "Number",
        "type.currency": "Currency",
        "type.date": "Date",
        "type.boolean": "Boolean",
        "type.dropdown": "Dropdown",
        "type.multi_select": "MultiSelect",
        # Keys of a note on a candidate in dialect `page`.
        "note.text": "note",
        "note.type": "noteType",
        # Remote ids of the stages that Kombo lets nobody enter, whatever their case.
        "stage.pipeline": "PIPELINE",
        "stage.web_application": "WEB_APPLICATION",
        # How many jobs one multi-query takes: said of bulk calls in general.
        "multi_query.most": "100",
    }
)
"""Words and numbers of the wire. The paths of assumed endpoints can be overridden too, as `path.<endpoint>`."""

BARRED = ("stage.pipeline", "stage.web_application")
