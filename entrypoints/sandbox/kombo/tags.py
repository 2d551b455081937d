"""Tags of candidates, by name; and links to results."""

import json
from collections.abc import Iterable

import attrs

from entrypoints.sandbox.fields import OBJECT, TEXT, Field, list_of, matching, object_of
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.auth import integration, permit
from entrypoints.sandbox.kombo.catalogue import Named
from entrypoints.sandbox.kombo.lists import PAGED
from entrypoints.sandbox.kombo.manners import answered
from entrypoints.sandbox.kombo.stages import list_named, named
from entrypoints.sandbox.kombo.state import Candidate, Integration, State, seen_from
from entrypoints.sandbox.wire import Ask, Reply, Write

TAG_QUERY = PAGED
_TAG = object_of(Field("name", matching("at least one character", r"(?s).+"), required=True))
TAG_FIELDS = (Field("tag", _TAG, required=True), Field("remote_fields", OBJECT))
_ATTRIBUTE = object_of(Field("key", TEXT, required=True), Field("value", TEXT, required=True))
_DETAILS = object_of(
    Field("custom_field_name_prefix", TEXT, required=True), Field("attributes", list_of(_ATTRIBUTE), required=True)
)
LINK_FIELDS = (
    Field("label", TEXT, required=True),
    Field("url", matching("a URL", r"https?://\S+"), required=True),
    Field("details", _DETAILS),
    Field("remote_fields", OBJECT),
)


def list_tags(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    return list_named(state, ask, office, "tag", office.tags, lambda tag: named(office, "tag", tag))


def add_tag(state: State, ask: Ask) -> Reply:
    """What the candidate bears already is not added again."""
    permit(state, "tag")
    office = integration(state, ask)
    candidate = records.candidate(office, ask.params["candidate"])
    tag = _known(ask, office) or _new(state, ask, office)
    if tag.number in candidate.tags:
        return answered({})
    _bear(state, ask, office, candidate, (*candidate.tags, tag.number))
    return answered({}, _written(office, "tag", candidate, tag))


def remove_tag(state: State, ask: Ask) -> Reply:
    """Succeeds without it too."""
    permit(state, "tag")
    office = integration(state, ask)
    candidate = records.candidate(office, ask.params["candidate"])
    tag = _known(ask, office)
    if tag is None or tag.number not in candidate.tags:
        return answered({})
    _bear(state, ask, office, candidate, (number for number in candidate.tags if number != tag.number))
    return answered({}, _written(office, "tag_removed", candidate, tag))


def _known(ask: Ask, office: Integration) -> Named | None:
    every = (office.tags.now(number) for number in range(office.tags.size))
    return next((tag for tag in every if tag and tag.name == ask.body["tag"]["name"]), None)


def _new(state: State, ask: Ask, office: Integration) -> Named:
    name = ask.body["tag"]["name"]

    def make(number: int) -> Named:
        return Named(number=number, remote_id=name.casefold(), name=name, changed=ask.now)

    return office.tags.add(make, seen_from(state, ask.now, ask.seen_after))


def _bear(state: State, ask: Ask, office: Integration, candidate: Candidate, tags: Iterable[int]) -> None:
    changed = attrs.evolve(candidate, tags=tuple(tags), nested=ask.now)
    office.candidates.put(candidate.number, changed, seen_from(state, ask.now, ask.seen_after))


def _written(office: Integration, kind: str, candidate: Candidate, tag: Named) -> Write:
    return Write(
        kind=kind,
        target=("candidate", office.ids.of("candidate", candidate.number)),
        id=office.ids.of("tag", tag.number),
        content=tag.name.encode(),
        name=tag.name,
        value=tag.name,
    )


def link_application(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    application = records.application(office, ask.params["application"])
    return _linked(state, ask, office, ("application", office.ids.of("application", application.number)))


def link_candidate(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    candidate = records.candidate(office, ask.params["candidate"])
    return _linked(state, ask, office, ("candidate", office.ids.of("candidate", candidate.number)))


def _linked(state: State, ask: Ask, office: Integration, target: tuple[str, str]) -> Reply:
    """A second link beside the first one; none can be read back."""
    permit(state, "result_link")
    office.links += 1
    details = ask.body.get("details")
    wrote = Write(
        kind="result_link",
        target=target,
        id=office.ids.of("result_link", office.links),
        content=ask.body["url"].encode(),
        text=None if details is None else json.dumps(details, ensure_ascii=False),
        name=ask.body["label"],
        value=ask.body["url"],
    )
    return answered({}, wrote)
