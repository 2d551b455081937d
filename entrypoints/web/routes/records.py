"""Records of the ATS, read live."""

import attrs
from msgspec import UNSET, UnsetType

from domain.candidate import Candidate, CandidateDetail, CandidateQuery
from domain.errors import Fault
from domain.evidence import CannotTell
from domain.ids import ApplicationId, CandidateId, JobId
from domain.job import Job, JobDetail
from domain.job_application import Outcome
from entrypoints.values import Query
from entrypoints.web.files import file_reply
from entrypoints.web.live import gateway_of, reading
from entrypoints.web.operation import Call, NoQuery, Reply
from entrypoints.web.paging import Items
from entrypoints.web.problems import bad_query
from entrypoints.web.replies import unless_none
from ports.errors import InvalidInputError
from ports.gateway import need


@attrs.frozen(kw_only=True)
class DetailQuery:
    """`detail=true` asks for all that the ATS tells."""

    detail: bool = False


@attrs.frozen(kw_only=True)
class SearchQuery:
    """What is known of a person; at least one part."""

    first_name: Query | None = None
    last_name: Query | None = None
    email: Query | None = None
    phone: Query | None = None


@attrs.frozen(kw_only=True)
class StandingReply:
    """Where an application stands; `cannot_tell` says why the ATS does not show it."""

    stage: str | UnsetType = UNSET
    outcome: Outcome | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    candidate: str | UnsetType = UNSET
    cannot_tell: str | UnsetType = UNSET


async def get_job(call: Call[None, DetailQuery]) -> Reply:
    gateway = await gateway_of(call)
    job_id = JobId(call.params["job"])
    if call.query.detail:
        return Reply(value=await need(gateway.job_detail).detail(job_id))
    return Reply(value=await need(gateway.job_lookup).job(job_id))


async def get_candidate(call: Call[None, DetailQuery]) -> Reply:
    lookup = need((await gateway_of(call)).candidate_lookup)
    candidate_id = CandidateId(call.params["candidate"])
    if call.query.detail:
        return Reply(value=await lookup.detail(candidate_id))
    return Reply(value=await lookup.candidate(candidate_id))


async def search_candidates(call: Call[None, SearchQuery]) -> Reply:
    query = CandidateQuery(**attrs.asdict(call.query))
    if query == CandidateQuery():
        raise bad_query(Fault("/query", "must name at least one of first_name, last_name, email, phone"))
    search = need((await gateway_of(call)).candidate_search)
    try:
        return Reply(value=Items(items=await search.find(query)))
    except InvalidInputError as error:
        raise bad_query(Fault(f"/query/{error.field}" if error.field else "/query", error.message)) from None


async def get_resume(call: Call[None, NoQuery]) -> Reply:
    resumes = need((await gateway_of(call)).resumes)
    resume = await resumes.resume(CandidateId(call.params["candidate"]))
    return file_reply(resume.filename, resume.media_type, resume.content, otherwise="resume")


async def get_standing(call: Call[None, NoQuery]) -> Reply:
    moves = need((await gateway_of(call)).stage_moves)
    standing = await moves.current(ApplicationId(call.params["application"]))
    if isinstance(standing, CannotTell):
        return Reply(value=StandingReply(cannot_tell=standing.why))
    return Reply(
        value=StandingReply(
            stage=unless_none(standing.stage),
            outcome=standing.outcome,
            reason=unless_none(standing.reason),
            candidate=unless_none(standing.candidate),
        )
    )


_CANDIDATES = "/v1/connections/{connection}/candidates"
_CANDIDATE = f"{_CANDIDATES}/{{candidate}}"
OPERATIONS = (
    reading("/v1/connections/{connection}/jobs/{job}", "A job, live", get_job, DetailQuery, Job, JobDetail),
    reading(f"{_CANDIDATES}/search", "Look for a candidate, live", search_candidates, SearchQuery, Items[Candidate]),
    reading(_CANDIDATE, "A candidate, live", get_candidate, DetailQuery, Candidate, CandidateDetail),
    reading(f"{_CANDIDATE}/resume", "A candidate's newest resume", get_resume, NoQuery, bytes),
    reading(
        "/v1/connections/{connection}/applications/{application}/standing",
        "Where an application stands right now",
        get_standing,
        NoQuery,
        StandingReply,
    ),
)
