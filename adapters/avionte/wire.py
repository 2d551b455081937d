"""What Avionté answers through the passthrough, in its own words; only what is used.

A talent also has a tax id, a birthday, race, disability, gender and veteran status: they have no place here, so they
are never decoded.
"""

from typing import TypeAlias

import attrs
from msgspec import Raw

Keyed: TypeAlias = dict[str, Raw]
"""An object whose keys are assumed, and therefore the customer's to name."""


@attrs.frozen
class Address:
    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state_Province: str | None = None
    postalCode: str | None = None
    country: str | None = None


@attrs.frozen
class Job:
    """`lastUpdatedDate` may be null, so it is no basis for reading changes."""

    id: int
    companyName: str | None = None
    salesRepUser: str | None = None
    billingName: str | None = None
    worksiteAddress: Address | None = None


@attrs.frozen
class Talent:
    id: int
    status: str | None = None
    officeName: str | None = None
    origin: str | None = None
    availabilityDate: str | None = None
    latestActivityName: str | None = None
    latestActivityDate: str | None = None
    link: str | None = None
    residentAddress: Address | None = None


@attrs.frozen
class ActivityType:
    """Ids of types are negative where they are Avionté's own."""

    typeId: int
    name: str | None = None


@attrs.frozen
class Note:
    """A note just made, in either dialect."""

    id: int | str | None = None
    talentId: int | None = None
    activityDate: str | None = None
