"""The table of what a lost reply ends as, made from the gateways and the rules themselves."""

from collections.abc import Iterator

from application.guarantee import Ending, endings
from domain.effect import EffectKind, EffectState
from domain.evidence import EvidenceGrade
from ports.providers import ProviderCatalogue

BEGIN = "<!-- made from the code by `make docs` -->"
END = "<!-- made so far -->"

_GRADES = {
    EvidenceGrade.LIVE: "live, both ways",
    EvidenceGrade.PRESENCE_ONLY: "presence only",
    EvidenceGrade.NONE: "none",
}
_LOOKED_FOR = {
    EffectKind.NOTE: "its marker in a note's last line",
    EffectKind.FILE: "its marker in a file's name",
    EffectKind.FIELD: "the field's value",
    EffectKind.TAG: "whether the tag is borne",
    EffectKind.STATUS: "the stage that the application is in",
    EffectKind.STAGE: "the stage that the application is in",
    EffectKind.REJECTION: "the reason that it was rejected for, or its stage",
    EffectKind.APPLICATION: "the candidate's application for the job",
    EffectKind.WEBHOOK: "the call's event in the outbox",
}
_BECOMES = {
    EffectState.CONFIRMED: "confirmed",
    EffectState.PLANNED: "sent again",
    EffectState.REFUSED: "refused: superseded",
    EffectState.HELD: "held",
}


def as_table(catalogue: ProviderCatalogue) -> str:
    """Every provider with its default settings, as Markdown."""
    return "\n".join(_lines(catalogue)) + "\n"


def placed(page: str, table: str) -> str:
    """The page with the table between its marks. Raises ValueError for a page without them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there is no place for the table: {BEGIN} ... {END}")
    return f"{head}{BEGIN}\n\n{table}\n{END}{tail}"


def _lines(catalogue: ProviderCatalogue) -> Iterator[str]:
    yield "| provider | effect | evidence | looked for: | it stands | it does not | another value does | no telling |"
    yield "|---|---|---|---|---|---|---|---|"
    for provider in catalogue.providers:
        for one in endings(catalogue.sample(provider)):
            yield f"| {' | '.join((str(provider), *_cells(one)))} |"


def _cells(one: Ending) -> Iterator[str]:
    yield f"{one.kind} on {'an' if one.on == 'application' else 'a'} {one.on}"
    yield _GRADES[one.evidence]
    yield _LOOKED_FOR[one.kind]
    for state in (one.stands, one.absent, one.otherwise, one.untold):
        yield "" if state is None else _BECOMES[state]
