"""Notes on candidates, which Kombo has no call for: in the page's dialect, or as the talent activities of Avionté."""

from collections.abc import Mapping
from typing import Any

from adapters.avionte import codec
from adapters.avionte.codec import PROVIDER
from adapters.avionte.endpoints import ACTIVITY_TYPES, ADD_ACTIVITY, ADD_NOTE
from adapters.avionte.routing import Talents, Targets, Wiring, unlike
from adapters.kombo.notes import rendered
from adapters.kombo.settings import Dialect
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.together import Remembered
from domain.evidence import CannotTell, EvidenceGrade, Receipt
from domain.note import Note
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError, NotFoundError
from ports.notes import Notes

_OWN: Mapping[Dialect, tuple[Endpoint[Any], ...]] = {
    Dialect.PAGE: (ADD_NOTE,),
    Dialect.DOCUMENTED: (ADD_ACTIVITY, ACTIVITY_TYPES),
}


class CandidateNotes(Notes):
    """The customer's dialect alone is spoken: a note that may have been written is not tried again in the other."""

    evidence = EvidenceGrade.NONE

    def __init__(self, wiring: Wiring, targets: Targets) -> None:
        self._settings = wiring.kombo.settings
        own = _OWN[self._settings.dialect]
        self.uses: tuple[Endpoint[Any], ...] = (*own, *Talents.uses, *targets.uses)
        self._calls = wiring.beyond(own)
        self._targets, self._talents = targets, Talents(wiring, targets)
        self._word = wiring.word
        self._types = Remembered(self._read_types)

    def preview(self, note: Note, marker: str) -> str:
        return rendered(note, marker, self._settings.note_format)

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        talent = await self._targets.id_of(RecordType.CANDIDATE, record)
        text = self.preview(note, attempt.marker)
        try:
            with naming("candidate", record):
                if self._settings.dialect is Dialect.PAGE:
                    return await self._noted(talent, text, note.action_type, attempt)
                return await self._recorded(talent, text, note.action_type, attempt)
        except NotFoundError as error:
            raise await self._talents.missing(record, talent, _OWN[self._settings.dialect][0], error) from None

    async def find(self, record: str, marker: str) -> CannotTell:  # noqa: ARG002 - nothing can be looked at
        return CannotTell("Avionté has no call that lists the notes on a candidate")

    async def _noted(self, talent: str, text: str, kind: str | None, attempt: Attempt) -> Receipt:
        data = {self._word("note.text"): text, **({self._word("note.type"): kind} if kind else {})}
        made = await self._calls.change(ADD_NOTE, path={"candidate_id": talent}, data=data, attempt=attempt)
        return codec.receipt(text, made)

    async def _recorded(self, talent: str, text: str, kind: str | None, attempt: Attempt) -> Receipt:
        data = {"typeId": await self._type(kind), "talentId": int(talent), "notes": text}
        made = await self._calls.change(ADD_ACTIVITY, path={"candidate_id": talent}, data=data, attempt=attempt)
        if made.said is not None and made.said.talentId not in {None, int(talent)}:
            raise unlike(ADD_ACTIVITY)
        return codec.receipt(text, made)

    async def _type(self, wanted: str | None) -> int:
        """The activity type that is asked for by name or number; the customer's own where none is.

        Raises InvalidInputError for one that Avionté does not have: none is guessed.
        """
        wanted = wanted or self._settings.activity_type_id
        if wanted is None:
            message = "the note has no action type and the connection no activity_type_id"
            raise InvalidInputError(message, field="action_type", provider=PROVIDER)
        if wanted == self._settings.activity_type_id:
            return int(wanted)
        known = (await self._types.covering([wanted.casefold()])).get(wanted.casefold())
        if known is None:
            raise InvalidInputError("Avionté has no such activity type", field="action_type", provider=PROVIDER)
        return known

    async def _read_types(self) -> Mapping[str, int]:
        rows = await self._calls.call(ACTIVITY_TYPES)
        named: dict[str, int] = {}
        for row in rows:
            named.setdefault((row.name or "").casefold(), row.typeId)
        return {**named, **{str(row.typeId): row.typeId for row in rows}}
