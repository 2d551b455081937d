"""What nobody outside has documented and a customer may have otherwise: one table, overridden by setting `assumed`."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        # Where phone numbers without a country code are.
        "phone_region": "US",
        # Kombo gives up to 250 records a page; some integrations may bear fewer.
        "page_size": "250",
        # Ten megabytes are recommended for a new application; that they hold for a single file too is assumed.
        "largest_file": "10000000",
    }
)
"""Numbers and words that the wire leaves open."""
