"""What is kept comes back as it was; a request is known again by its digest."""

from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.persistence.serial import REQUESTS, UnreadableError, decode, decode_request, encode, request_digest
from domain.attachment import FileReference
from domain.call_result import CallOutcome, CallResult, Line
from domain.effect import Effect, EffectKind, EffectState, Target
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.note import Block, BlockKind, Note
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Answer, Criteria, KnockOut, Screening, Verdict
from domain.writeback import FieldWish, Request, Write
from ports.commands import CommandKind
from ports.errors import InvalidInputError
from tests.persistence.builders import NOON, call, screening

text = st.text(max_size=20)
maybe = st.none() | text
number = st.floats(0, 100)
moment = st.datetimes(timezones=st.just(UTC))
answer = st.builds(Answer, question=text, answer=text, text=maybe)
answers = st.lists(answer, max_size=3).map(tuple)
texts = st.lists(text, max_size=3).map(tuple)
file = st.builds(FileReference, filename=text, media_type=text, sha256=text, size=st.integers(0, 10**9))
block = st.builds(Block, kind=st.sampled_from(BlockKind), text=text, items=texts)
note = st.builds(Note, blocks=st.lists(block, max_size=3).map(tuple), action_type=maybe)
target = st.builds(Target, st.sampled_from(RecordType), text)
value = text | st.integers(-(2**53), 2**53) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)

call_results = st.builds(
    CallResult,
    call_id=text,
    candidate_id=text.map(CandidateId),
    started_at=moment,
    ended_at=moment,
    outcome=st.sampled_from(CallOutcome),
    summary=text,
    application_id=st.none() | text.map(ApplicationId),
    job_id=st.none() | text.map(JobId),
    verdict=st.none() | st.sampled_from(Verdict),
    score=st.none() | number,
    answers=answers,
    transcript=st.lists(st.builds(Line, speaker=text, at_s=number, text=text), max_size=3).map(tuple),
    report=st.none() | file,
)
screenings = st.builds(
    Screening,
    screening_id=text,
    application_id=text.map(ApplicationId),
    candidate_id=text.map(CandidateId),
    answers=answers,
    score=st.none() | number,
)
writes = st.builds(
    Write,
    kind=st.sampled_from(EffectKind),
    targets=st.lists(target, max_size=3).map(tuple),
    note=st.none() | note,
    file=st.none() | file,
    value=maybe,
    fields=st.lists(st.builds(FieldWish, field=text.map(FieldId), value=value), max_size=3).map(tuple),
)
requests = st.one_of(
    st.tuples(st.just(CommandKind.CALL_RESULT), call_results),
    st.tuples(st.just(CommandKind.SCREENING), screenings),
    st.tuples(st.just(CommandKind.WRITE), writes),
)
effects = st.builds(
    Effect,
    slot=text,
    kind=st.sampled_from(EffectKind),
    target=target,
    note=st.none() | note,
    file=st.none() | file,
    field=st.none() | text.map(FieldId),
    value=maybe,
    before=texts,
    state=st.sampled_from(EffectState),
    reason=maybe,
)
policies = st.builds(
    Policy,
    note_on=st.sampled_from(Where),
    report_on=st.sampled_from(Where),
    tag=st.booleans(),
    screened_status=st.booleans(),
    verdicts=st.dictionaries(
        st.sampled_from(Verdict),
        st.builds(
            VerdictAction,
            stage=st.none() | text.map(StageId),
            disposition_reason=st.none() | text.map(ReasonId),
        ),
    ),
    fields=st.lists(
        st.builds(FieldMapping, pointer=text, on=st.sampled_from(RecordType), field=text.map(FieldId)), max_size=3
    ).map(tuple),
    criteria=st.builds(
        Criteria,
        least_score=st.none() | number,
        knock_outs=st.lists(st.builds(KnockOut, question=text, accept=texts), max_size=3).map(tuple),
    ),
)
receipts = st.builds(Receipt, id=maybe, at=st.none() | moment, sha256=maybe)


@given(requests)
def test_requests_come_back(request: tuple[CommandKind, Request]) -> None:
    kind, content = request
    assert decode_request(encode(content), kind) == content


@given(effects)
def test_effects_come_back(effect: Effect) -> None:
    assert decode(encode(effect), Effect) == effect


@given(policies)
def test_policies_come_back(policy: Policy) -> None:
    assert decode(encode(policy), Policy) == policy


@given(receipts)
def test_receipts_come_back(receipt: Receipt) -> None:
    assert decode(encode(receipt), Receipt) == receipt


@given(requests)
def test_a_request_that_was_kept_has_the_same_digest(request: tuple[CommandKind, Request]) -> None:
    kind, content = request
    assert request_digest(kind, decode_request(encode(content), kind)) == request_digest(kind, content)


def test_the_digest_is_the_same_for_ever() -> None:
    """These bytes are in customers' databases: if this fails, late redeliveries would be taken for conflicts."""
    request = attrs.evolve(screening(), score=80.0)
    digest = request_digest(CommandKind.SCREENING, request)
    assert digest.hex() == "6c3077fea964cb32d258a184ba317d3a8ee88bbfc194e8e35da0272dc4f7c87e"


def test_members_that_say_nothing_do_not_count() -> None:
    @attrs.frozen(kw_only=True)
    class Newer:
        """A screening with members that did not exist when it was first accepted."""

        screening_id: str
        application_id: str
        candidate_id: str
        answers: tuple[Answer, ...] = ()
        score: float | None = None
        language: str | None = None
        remarks: tuple[str, ...] = ()

    old = Screening(screening_id="s1", application_id=ApplicationId("a"), candidate_id=CandidateId("c"))
    new = Newer(screening_id="s1", application_id="a", candidate_id="c")
    digest = request_digest(CommandKind.SCREENING, old)
    assert request_digest(CommandKind.SCREENING, new) == digest  # type: ignore[arg-type]
    said = attrs.evolve(new, language="de")
    assert request_digest(CommandKind.SCREENING, said) != digest  # type: ignore[arg-type]


def test_what_a_request_may_leave_out_is_empty_by_default() -> None:
    """Any other default would stand in the digest, and a member with one could not be added later."""
    kinds: list[Any] = list(REQUESTS.values())
    for kind in kinds:  # it grows
        members = attrs.fields(kind)
        assert [one.name for one in members if one.default is not attrs.NOTHING and one.default] == []
        inner = [part for hint in get_type_hints(kind).values() for part in (hint, *get_args(hint))]
        kinds += [part for part in inner if attrs.has(part) and part not in kinds]
    assert {Answer, Block, FieldWish, FileReference} <= set(kinds)


def test_numbers_that_are_equal_are_the_same() -> None:
    whole, broken = (attrs.evolve(screening(), score=score) for score in (80, 80.0))
    assert request_digest(CommandKind.SCREENING, whole) == request_digest(CommandKind.SCREENING, broken)


@pytest.mark.parametrize(
    "other",
    [
        screening(answer="no"),
        attrs.evolve(screening(), score=0.0),
        attrs.evolve(screening(), answers=(*screening().answers, *screening().answers)),
        attrs.evolve(screening(), answers=()),
    ],
)
def test_what_differs_has_another_digest(other: Screening) -> None:
    assert request_digest(CommandKind.SCREENING, other) != request_digest(CommandKind.SCREENING, screening())


def test_kinds_are_kept_apart() -> None:
    request = screening()
    assert request_digest(CommandKind.WRITE, request) != request_digest(CommandKind.SCREENING, request)


def test_times_count() -> None:
    request = call().request
    assert isinstance(request, CallResult)
    later = attrs.evolve(request, ended_at=datetime(2026, 11, 20, 13, tzinfo=UTC))
    assert request.ended_at == NOON
    assert request_digest(CommandKind.CALL_RESULT, later) != request_digest(CommandKind.CALL_RESULT, request)


def test_damage_is_told_without_its_content() -> None:
    with pytest.raises(UnreadableError, match="not a Screening") as caught:
        decode_request(b'{"screening_id": "canary"', CommandKind.SCREENING)
    assert "canary" not in str(caught.value)


def test_text_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        encode(screening(answer="\ud800"))
