"""Who was handed in is kept until their results are delivered and a time after that; a message counts once."""

import attrs
import pytest

from adapters.persistence.intake_tables import intake_messages, intake_records, intake_resumes
from domain.candidate import Candidate, Resume
from domain.ids import ApplicationId, CandidateId, JobId
from domain.intake import SubmittedApplication, SubmittedCandidate
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.policy import RecordType
from domain.writeback import WriteBackState
from ports.errors import ConflictError, NotFoundError
from ports.intake import Envelope, Taken
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, call, connection
from tests.persistence.receivers import OK, SECRET, claimed_errands, endpoint, event, told
from tests.persistence.rows import count, everything
from tests.persistence.worlds import World

DAY = 86_400.0
ADA = CandidateId("ada")
JOB = Job(id=JobId("job"), title="Welder", status=JobStatus.OPEN)
PERSON = SubmittedCandidate(
    candidate=Candidate(id=ADA, first_name="canary", last_name="L"),
    resume=Resume(filename="cv.txt", media_type="text/plain", content=b"canary " * 5000),
)
APPLICATION = SubmittedApplication(
    application=Application(id=ApplicationId("app"), job_id=JOB.id, candidate_id=ADA), person=PERSON
)


async def stocked(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
        await world.stores.intake.put(one, JOB)
        await world.stores.intake.put(one, APPLICATION)
    await world.stores.outbox.read(EVERYTHING, after=0, limit=10)


async def people(world: World) -> int:
    return await count(world, intake_records, intake_records.c.kind == "candidate")


async def test_somebody_whose_result_is_still_to_come_is_kept(world: World) -> None:
    await stocked(world)
    for _ in range(2):
        await world.later(400 * DAY)
        assert await world.stores.intake.forget(30) == 0
    assert await people(world) == 2


async def test_the_time_begins_once_the_result_is_delivered(world: World) -> None:
    await stocked(world)
    await world.stores.endpoints.add(endpoint(), SECRET)
    await told(world, event(candidate=ADA))
    await claimed_errands(world)
    for _ in range(2):
        await world.later(60 * DAY)
        assert await world.stores.intake.forget(30) == 0, "it is not delivered yet"
    (errand,) = [one for one in await claimed_errands(world) if b"result.ready" in one.body]
    await world.stores.deliveries.record(errand, OK)
    assert await world.stores.intake.forget(30) == 0, "now it is seen"
    await world.later(29 * DAY)
    assert await world.stores.intake.forget(30) == 0
    await world.later(DAY)
    assert await world.stores.intake.forget(30) == 1
    assert await world.stores.intake.forget(30) == 0
    assert (await people(world), await count(world, intake_resumes)) == (1, 1), "those of the other connection"
    with pytest.raises(NotFoundError):
        await world.stores.intake.candidate(ACME, ADA)
    assert (await world.stores.intake.candidate(OTHER, ADA)).resume == PERSON.resume


async def test_what_is_said_or_asked_anew_begins_the_time_anew(world: World) -> None:
    await stocked(world)
    await told(world, event(candidate=ADA))
    await world.stores.outbox.read(EVERYTHING, after=0, limit=10)
    await world.stores.intake.forget(30)
    await world.later(20 * DAY)
    changed = attrs.evolve(PERSON.candidate, title="Welder")
    assert await world.stores.intake.put(ACME, SubmittedCandidate(candidate=changed)) == Taken(changed=True)
    await world.stores.intake.forget(30)
    await world.later(20 * DAY)
    assert await world.stores.intake.forget(30) == 0
    await world.stores.commands.accept(attrs.evolve(call(), subject="candidate:ada"))
    await world.later(20 * DAY)
    assert await world.stores.intake.forget(30) == 0, "a result of theirs is at work"
    (claim,) = await world.stores.commands.claim(1)
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    await world.stores.intake.forget(30)
    await world.later(30 * DAY)
    assert await world.stores.intake.forget(30) == 1


async def test_of_one_message_there_is_one_content(world: World) -> None:
    await stocked(world)
    first, other = Envelope(id=b"1", content=b"a"), Envelope(id=b"1", content=b"b")
    changed = attrs.evolve(JOB, title="Day Welder")
    assert (await world.stores.intake.put(ACME, changed, first)).changed
    await world.stores.intake.put(ACME, JOB)
    assert await world.stores.intake.put(ACME, changed, first) == Taken()
    assert (await world.stores.intake.job(ACME, JOB.id)).title == "Welder", "a late redelivery changes nothing"
    with pytest.raises(ConflictError):
        await world.stores.intake.put(ACME, JOB, other)
    assert (await world.stores.intake.put(OTHER, changed, other)).changed, "names are a connection's own"


async def test_who_was_erased_is_not_brought_back_by_a_redelivery(world: World) -> None:
    await stocked(world)
    message = Envelope(id=b"1", content=b"a")
    named = attrs.evolve(PERSON, candidate=attrs.evolve(PERSON.candidate, id=CandidateId("eve")))
    await world.stores.intake.put(ACME, named, message)
    assert (await world.stores.people.erase(EVERYTHING, ACME, CandidateId("eve"))).records == 1
    assert await world.stores.intake.put(ACME, named, message) == Taken()
    with pytest.raises(NotFoundError):
        await world.stores.intake.candidate(ACME, CandidateId("eve"))


async def test_what_refers_to_nothing_is_not_kept_nor_is_its_message(world: World) -> None:
    await stocked(world)
    lost = attrs.evolve(APPLICATION.application, id=ApplicationId("new"), job_id=JobId("none"))
    message = Envelope(id=b"1", content=b"a")
    taken = await world.stores.intake.put(ACME, SubmittedApplication(application=lost), message)
    assert taken == Taken(unknown=("job_id",))
    assert await count(world, intake_messages) == 0
    with pytest.raises(NotFoundError):
        await world.stores.intake.application(ACME, ApplicationId("new"))


async def test_records_go_with_their_connection(world: World) -> None:
    await stocked(world)
    await world.stores.connections.remove(EVERYTHING, ACME)
    await world.stores.connections.remove(EVERYTHING, OTHER)
    assert await count(world, intake_records) == await count(world, intake_resumes) == 0
    assert "canary" not in await everything(world)
    for kind in RecordType:
        with pytest.raises(NotFoundError):
            await world.stores.intake.remove(ACME, kind, "job")
    with pytest.raises(NotFoundError):
        await world.stores.intake.put(ACME, JOB)
