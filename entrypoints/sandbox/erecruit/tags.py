"""The legacy host's tags; one that is there already is not added again."""

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import TAGS
from entrypoints.sandbox.erecruit.manners import wrong
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.fields import INTEGER, TEXT, Field
from entrypoints.sandbox.wire import Ask, Reply, Write

TAG_QUERY = (Field("AboutType", TEXT, required=True),)
TAG_FIELDS = (Field("TagID", INTEGER, required=True),)


def known_tags(_state: State, ask: Ask) -> Reply:
    kind = records.about_kind(ask.query["AboutType"])
    return records.listed(TAGS if kind == "candidate" else {})


def tags_of(state: State, ask: Ask) -> Reply:
    held = state.tags.get(records.asked_about(state, ask), {})
    return Reply(body=[_shown(number, added) for number, added in held.items()])


def add_tag(state: State, ask: Ask) -> Reply:
    about, number = records.asked_about(state, ask), ask.body["TagID"]
    if number not in TAGS or about.kind != "candidate":
        raise wrong("TagID", f"Unknown tag {number}.")
    held = state.tags.setdefault(about, {})
    if number in held:
        return Reply(body=_shown(number, held[number]))
    held[number] = state.local(ask.now)
    value = str(number)
    wrote = Write(kind="tag", target=about.target, id=value, content=value.encode(), name=TAGS[number], value=value)
    return Reply(status=201, body=_shown(number, held[number]), wrote=wrote)


def _shown(number: int, added: str) -> dict[str, object]:
    return {"ID": number, "Name": TAGS[number], "AddedOn": added}
