"""What customers without an ATS hand in: jobs, candidates with their resume, applications."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from domain.candidate import Candidate, Resume
from domain.ids import CandidateId
from domain.job import Job
from domain.job_application import Application

SUBMITTED_ID = re.compile(r"[A-Za-z0-9._~:-]{1,128}")
"""The ids that customers may give to what they hand in."""


@attrs.frozen(kw_only=True)
class SubmittedCandidate:
    """A person as they are handed in, with their resume if there is one."""

    candidate: Candidate
    resume: Resume | None = None


@attrs.frozen(kw_only=True)
class SubmittedApplication:
    """An application, and the candidate if they are handed in with it."""

    application: Application
    person: SubmittedCandidate | None = None


Submission: TypeAlias = Job | SubmittedCandidate | SubmittedApplication


def candidate_of(submission: Submission) -> CandidateId | None:
    """Whom it is about; a job is about nobody."""
    match submission:
        case SubmittedCandidate(candidate=person):
            return person.id
        case SubmittedApplication(application=application):
            return application.candidate_id
        case _:
            return None


def received_data(application: Application) -> Mapping[str, object]:
    """What is told of an application that came in."""
    return {
        "application_id": application.id,
        "job_id": application.job_id,
        "candidate_id": application.candidate_id,
        "href": f"/v1/intake/applications/{application.id}",
    }
