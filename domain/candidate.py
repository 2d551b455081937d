"""Candidates: the people who are screened."""

from datetime import datetime

import attrs

from domain.custom_field import FieldValue
from domain.ids import CandidateId


@attrs.frozen(kw_only=True)
class Candidate:
    """A person. E-mails and phones stand as the ATS has them, the primary one first."""

    id: CandidateId
    first_name: str
    last_name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    title: str | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class CandidateDetail(Candidate):
    """A person with what else the ATS tells that screening may know: nothing about health, origin or taxes.

    `available_from` is a date, `address` one line; parts that could not be read are named in `missing`.
    """

    status: str | None = None
    office: str | None = None
    source: str | None = None
    available_from: str | None = None
    last_activity: str | None = None
    address: str | None = None
    link: str | None = None
    fields: tuple[FieldValue, ...] = ()
    missing: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class CandidateQuery:
    """What is known of a person whom we look for; at least one part must be given."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


@attrs.frozen(kw_only=True)
class Resume:
    """A candidate's newest resume."""

    filename: str
    media_type: str
    content: bytes = attrs.field(repr=False)
