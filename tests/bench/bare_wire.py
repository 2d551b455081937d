"""Kombo's candidate with all of its keys, as somebody writes it down who has no other task than to read it."""

from datetime import datetime
from typing import Any, Literal

import attrs
import msgspec


@attrs.define
class Phone:
    phone_number: str
    type: str | None = None


@attrs.define
class Email:
    email_address: str | None = None
    type: str | None = None


@attrs.define
class SocialMedia:
    link: str | None = None
    type: str | None = None
    username: str | None = None


@attrs.define
class Location:
    city: str | None = None
    country: str | None = None
    raw: str | None = None
    state: str | None = None
    street_1: str | None = None
    street_2: str | None = None
    zip_code: str | None = None


@attrs.define
class Stage:
    id: str
    name: str | None
    remote_id: str | None
    index: int | None


@attrs.define
class Named:
    id: str
    name: str | None
    remote_id: str | None


@attrs.define
class Application:
    id: str
    remote_id: str | None
    outcome: Literal["PENDING", "HIRED", "DECLINED"] | None
    rejection_reason_name: str | None
    rejected_at: datetime | None
    remote_url: str | None
    changed_at: datetime
    remote_created_at: datetime | None
    remote_updated_at: datetime | None
    current_stage: Stage | None
    job: Named | None


@attrs.define
class Candidate:
    id: str
    remote_id: str
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None
    confidential: bool | None
    source: str | None
    custom_fields: dict[str, Any] | None
    remote_url: str | None
    remote_created_at: datetime | None
    remote_updated_at: datetime | None
    changed_at: datetime
    remote_deleted_at: datetime | None
    applications: list[Application]
    tags: list[Named]
    phone_numbers: list[Phone] | None = None
    email_addresses: list[Email] | None = None
    social_media: list[SocialMedia] | None = None
    location: Location | None = None


@attrs.define
class Listed:
    next: str | None
    results: list[msgspec.Raw]


@attrs.define
class Page:
    status: Literal["success"]
    data: Listed
