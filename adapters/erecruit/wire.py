"""What eRecruit answers, in its own words; only what is used. All that it may leave out or null is optional."""

import attrs
from msgspec import Raw

ABSENT = Raw()


@attrs.frozen
class Listing:
    """A page of a list. Its counts are not trusted; public lists are bare arrays."""

    Items: list[Raw]
    PageSize: int | None = None


@attrs.frozen
class Refusal:
    """A refusal of the web framework underneath: `MessageDetail` stands only where no route was found."""

    Message: str | None = None
    MessageDetail: str | None = None
    ModelState: dict[str, object] | None = None


@attrs.frozen
class LegacyToken:
    Token: str
    Expires: str | None = None


@attrs.frozen
class Glance:
    """As much of a row as is looked at before it is decoded; `Communications` is empty where there are none."""

    ID: int
    StatusID: object = None
    Status: object = None
    AboutType: object = None
    CompanyID: object = None
    Communications: Raw = ABSENT


@attrs.frozen
class Address:
    AddressLine1: str | None = None
    AddressLine2: str | None = None
    City: str | None = None
    State: str | None = None
    StateCode: str | None = None
    PostalCode: str | None = None
    CountryCode: str | None = None


@attrs.frozen
class Position:
    ID: int
    Title: str | None = None
    PositionType: str | None = None
    StatusID: int | None = None
    Status: str | None = None
    CompanyID: int | None = None
    CompanyName: str | None = None
    ContactID: int | None = None
    DatePosted: str | None = None
    DateLastOpened: str | None = None
    ModifiedOn: str | None = None
    WebDescription: str | None = None
    PrimaryAddress: Address | None = None


@attrs.frozen
class Submission:
    ID: int
    CandidateID: int
    PositionID: int
    StatusID: int | None = None
    Status: str | None = None
    DispositionReasonID: int | None = None
    AdSource: str | None = None
    CreatedOn: str | None = None
    ModifiedOn: str | None = None


@attrs.frozen
class CandidateApplication:
    ID: int
    CandidateID: int
    PositionID: int
    CreatedOn: str | None = None


@attrs.frozen
class Communication:
    """TypeID 100 is a phone number, 200 an e-mail address."""

    TypeID: int | None = None
    Value: str | None = None
    IsPrimary: bool | None = None


@attrs.frozen
class Person:
    """A candidate, or (with a `CompanyID`) somebody at a client company."""

    ID: int
    AboutType: str | None = None
    First: str | None = None
    Last: str | None = None
    Title: str | None = None
    CompanyID: int | None = None
    CreatedOn: str | None = None
    ModifiedOn: str | None = None


@attrs.frozen
class Company:
    ID: int
    Name: str | None = None


@attrs.frozen
class Owner:
    """Ids of recruiters are GUIDs."""

    RecruiterID: str | int
    IsPrimary: bool | None = None


@attrs.frozen
class Recruiter:
    First: str | None = None
    Last: str | None = None
    EmailAddress: str | None = None


@attrs.frozen
class Status:
    ID: int
    Name: str | None = None
    SortOrder: int | None = None
    IsRejected: bool | None = None
    IsTerminal: bool | None = None


@attrs.frozen
class Moved:
    ID: int
    StatusID: int
    ModifiedOn: str | None = None


@attrs.frozen
class Reason:
    ID: int
    Name: str | None = None
    IsActive: bool | None = None


@attrs.frozen
class Rejected:
    ID: int
    DispositionReasonID: int
    ModifiedOn: str | None = None


@attrs.frozen
class Note:
    ID: int
    NoteBody: str | None = None
    CreatedOn: str | None = None


@attrs.frozen
class Attachment:
    ID: int
    Name: str | None = None
    TypeID: int | None = None
    Extension: str | None = None
    IsNewestVersion: bool | None = None
    DateAdded: str | None = None


@attrs.frozen
class Tag:
    ID: int
    AddedOn: str | None = None


@attrs.frozen
class FieldDefinition:
    ID: int
    Name: str | None = None
    FieldType: str | None = None
    PossibleValues: list[str] | None = None
    IsRequired: bool | None = None


@attrs.frozen
class FieldValue:
    ID: int
    Name: str | None = None
    Value: str | None = None
