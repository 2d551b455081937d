"""A whole gateway over an ATS in memory: every capability present, held to the same contracts as the real ones."""

from typing import Any

import attrs

from domain.call_result import CallResult
from domain.effect import Target
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import CandidateId, TagId
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError
from ports.gateway import Absence, AbsenceKind, Check, Gateway, HostCheck, Provider
from ports.results import ResultDelivery, ResultLinks
from ports.tags import Tagging
from tests.builders import SCREENED_TAG
from tests.memory_ats import Done, Kept, MemoryAts, State
from tests.memory_reads import Candidates, Feeds, Jobs
from tests.memory_writes import Applications, MemoryFields, MemoryFiles, MemoryNotes, Ways, find_marked


@attrs.frozen
class MemoryTagging(Tagging):
    """Tags that everybody in the ATS shares."""

    ats: MemoryAts
    evidence: EvidenceGrade = EvidenceGrade.LIVE
    screened_tag: TagId | None = SCREENED_TAG

    async def tag(self, candidate: CandidateId, tag: TagId, attempt: Attempt) -> Receipt:
        target = Target(RecordType.CANDIDATE, candidate)

        def change(state: State) -> Done:
            state.must_have(target)
            if tag not in state.all_tags:
                raise InvalidInputError(f"there is no tag {tag}", field="tag")
            state.tags[candidate] = state.tags.get(candidate, frozenset()) | {tag}
            return Done(kind="tag", target=target, id=tag, content=tag.encode(), value=tag)

        return await self.ats.write("tagging.tag", attempt, change)

    async def current(self, candidate: CandidateId) -> frozenset[TagId] | CannotTell:
        state = self.ats.read("tagging.current")
        state.must_have(Target(RecordType.CANDIDATE, candidate))
        if self.ats.blind is not None:
            return CannotTell(self.ats.blind)
        return state.tags.get(candidate, frozenset())

    async def tags(self) -> frozenset[TagId] | CannotTell:
        return self.ats.read("tagging.tags").all_tags


@attrs.frozen
class MemoryDelivery(ResultDelivery):
    """Whole results, kept by the id of their call."""

    ats: MemoryAts
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def deliver(self, result: CallResult, attempt: Attempt) -> Receipt:
        target = Target(RecordType.CANDIDATE, result.candidate_id)

        def change(state: State) -> Done:
            state.delivered.append(result.call_id)
            content = f"{result.call_id} {attempt.marker}".encode()
            return Done(kind="webhook", target=target, id=result.call_id, content=content)

        return await self.ats.write("result_delivery.deliver", attempt, change)

    async def find(self, result: CallResult) -> Found | Absent | CannotTell:
        state = self.ats.read("result_delivery.find")
        if self.ats.blind is not None:
            return CannotTell(self.ats.blind)
        return Found(Receipt(id=result.call_id)) if result.call_id in state.delivered else Absent()


@attrs.frozen
class MemoryLinks(ResultLinks):
    """Links on applications; the label bears the marker."""

    ats: MemoryAts
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def add(self, record: str, label: str, url: str, attempt: Attempt) -> Receipt:
        if not url.startswith("https://"):
            raise InvalidInputError("a link must be https", field="url")
        target, new = Target(RecordType.APPLICATION, record), self.ats.new_id("link")
        name = f"{label} {attempt.marker}"

        def change(state: State) -> Done:
            state.must_have(target)
            state.links.setdefault(target, []).append(Kept(id=new, name=name, text=url))
            return Done(kind="result_link", target=target, id=new, content=url.encode(), text=url, name=name)

        return await self.ats.write("result_links.add", attempt, change)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        target = Target(RecordType.APPLICATION, record)
        return find_marked(self.ats, "result_links.find", target, lambda state: state.links, marker)


@attrs.frozen
class MemoryCheck(Check):
    """Lets us in unless a failure of `check.hosts` is waiting."""

    ats: MemoryAts

    async def hosts(self) -> tuple[HostCheck, ...]:
        return (HostCheck("memory", self.ats.failure_of("check.hosts")),)


def memory_gateway(
    ats: MemoryAts | None = None, *, provider: Provider = Provider.KOMBO, settle_seconds: float = 120.0
) -> Gateway:
    """Every capability is present; take some away with `without`."""
    ats = ats or MemoryAts()
    feeds, jobs, candidates, applications, ways = (Feeds(ats), Jobs(ats), Candidates(ats), Applications(ats), Ways(ats))
    return Gateway(
        provider=provider,
        check=MemoryCheck(ats),
        settle_seconds=settle_seconds,
        job_feed=feeds,
        application_feed=feeds,
        candidate_feed=feeds,
        job_lookup=jobs,
        job_detail=jobs,
        job_detail_feed=jobs,
        candidate_lookup=candidates,
        candidate_search=candidates,
        resumes=candidates,
        application_intake=applications,
        stages=applications,
        stage_moves=ways,
        reasons=applications,
        rejection=ways,
        application_notes=MemoryNotes(ats, RecordType.APPLICATION),
        candidate_notes=MemoryNotes(ats, RecordType.CANDIDATE),
        application_files=MemoryFiles(ats, RecordType.APPLICATION),
        candidate_files=MemoryFiles(ats, RecordType.CANDIDATE),
        application_fields=MemoryFields(ats, RecordType.APPLICATION),
        candidate_fields=MemoryFields(ats, RecordType.CANDIDATE),
        job_fields=MemoryFields(ats, RecordType.JOB),
        tagging=MemoryTagging(ats),
        result_delivery=MemoryDelivery(ats),
        result_links=MemoryLinks(ats),
    )


def without(gateway: Gateway, *capabilities: str, why: str = "the ATS does not offer it") -> Gateway:
    """The gateway with these capabilities absent, for the reason given."""
    absent: dict[str, Any] = dict.fromkeys(capabilities, Absence(AbsenceKind.NOT_OFFERED, why))
    return attrs.evolve(gateway, **absent)
