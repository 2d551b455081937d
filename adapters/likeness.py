"""Whether somebody really bears the e-mail address or phone number that was asked for."""

import re
from contextlib import suppress

import attrs
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.candidate import Candidate, CandidateQuery

_ENDING = 6
_EXTENSION = re.compile(r"\s*(?:ext\.?|x|#)\s*\d+\s*$", re.IGNORECASE)


def rid_of_empty(query: CandidateQuery) -> CandidateQuery:
    """Parts that hold nothing but space count as not given."""
    return CandidateQuery(**{name: (part or "").strip() or None for name, part in attrs.asdict(query).items()})


def bears(candidate: Candidate, query: CandidateQuery, region: str) -> bool:
    """By e-mail or phone where one was given; else the vendor's word on names is taken."""
    if query.email is None and query.phone is None:
        return True
    same_email = query.email is not None and email_key(query.email) in {email_key(one) for one in candidate.emails}
    if same_email or query.phone is None:
        return same_email
    return phone_key(query.phone, region) in {phone_key(one, region) for one in candidate.phones}


def email_key(address: str) -> str:
    """Case does not tell people apart, nor does the spelling of a domain."""
    with suppress(EmailNotValidError):
        address = validate_email(address.strip(), check_deliverability=False).normalized
    return address.strip().casefold()


def phone_key(number: str, region: str) -> str:
    """The number proper, without an extension; digits alone where it cannot be understood."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return digits(_EXTENSION.sub("", number)) or number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_ending(number: str, region: str) -> str:
    """The digits that whoever writes the number must write, with or without codes before them."""
    return digits(phone_key(number, region))[-_ENDING:]


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)
