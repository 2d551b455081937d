"""What nobody outside has documented and a customer may have otherwise: one table, overridden by setting `assumed`."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        # What a record is called in paths and bodies; of these only `Candidate` is public.
        "about.candidate": "Candidate",
        "about.application": "Submission",
        "about.job": "Position",
        # Parameters of lists; only that ids are joined by commas is public.
        "query.page": "Page",
        "query.page_size": "PageSize",
        "query.modified_after": "ModifiedAfter",
        "query.statuses": "StatusIDs",
        "query.jobs": "PositionIDs",
        "query.about": "AboutType",
        "page_size": "100",
        # Statuses of positions; that 3 is open was seen once in public.
        "job_status.draft": "1",
        "job_status.on_hold": "2",
        "job_status.open": "3",
        "job_status.filled": "4",
        "job_status.closed": "5",
        # Ids that are the customer's own, as they were seen in public.
        "attachment_type_id": "1000",
        "resume_type_id": "1",
        "application_source_id": "228",
        # How the legacy host wants its token.
        "legacy_token.header": "Authorization",
        "legacy_token.scheme": "Bearer",
        # Where phone numbers without a country code are.
        "phone_region": "CA",
    }
)
"""Words and numbers of the wire. The paths of assumed endpoints can be overridden too, as `path.<endpoint>`."""

NUMBERS = frozenset(name for name, word in WORDS.items() if word.isdecimal())
