"""What nobody outside has documented and a customer may have otherwise: one table, overridden by setting `assumed`."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        # How many rows one page has: no most is documented.
        "page_size": "500",
        "search_page_size": "100",
        # Operators of advanced searches: 3 was seen for "since", 7 for "equals, or one of these".
        "operator.since": "3",
        "operator.equals": "7",
        # What a message may be linked to: 8 and 14 are origin types, but that messages take them was not seen.
        "origin.job_order": "8",
        "origin.assignment": "14",
        # From when on messages are listed: what the list holds without it is unknown.
        "messages_since": "01-01-2000",
        # Characters of one message; no limit is documented.
        "longest_note": "4000",
        # What a new order candidate is, by the name of the status; as people who apply by themselves are.
        "new_candidate_status": "WCandidate",
        # Documents of these types are resumes, where the employee names none.
        "resume_type": "resume",
        # Where phone numbers without a country code are, and that code.
        "phone_region": "US",
        "country_calling_code": "1",
    }
)
"""Words and numbers of the wire. The paths of assumed endpoints can be overridden too, as `path.<endpoint>`."""

NUMBERS = frozenset(name for name, word in WORDS.items() if word.isdecimal())
