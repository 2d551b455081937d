"""What TempWorks answers, in its own words; only what is used. All that it may leave out or null is optional.

Ids come as numbers here and as texts there, flags as booleans here and as 1 there: both are taken.
"""

from typing import TypeAlias

import attrs
from msgspec import Raw

Ident: TypeAlias = int | str
Flag: TypeAlias = bool | int | str | None


@attrs.frozen
class Listing:
    """A page of a list; `totalCount` counts all matches."""

    data: list[Raw]
    totalCount: int | None = None


@attrs.frozen
class Refusal:
    """ASP.NET's problem document; of `errors` only the names are safe to show."""

    detail: str | None = None
    errors: dict[str, object] | None = None


@attrs.frozen
class Address:
    street1: str | None = None
    street2: str | None = None
    municipality: str | None = None
    region: str | None = None
    postalCode: str | None = None
    country: str | None = None


@attrs.frozen
class EmployeeRow:
    """An employee as the search lists them; phone and e-mail of the person stand here, and no date at all."""

    employeeId: Ident
    firstName: str | None = None
    lastName: str | None = None
    phoneNumber: str | None = None
    cellPhoneNumber: str | None = None
    emailAddress: str | None = None


@attrs.frozen
class Employee:
    """The record by its id. Government ids, birthdays and licences are never read."""

    employeeId: Ident
    firstName: str | None = None
    lastName: str | None = None
    primaryPhoneNumber: str | None = None
    primaryEmailAddress: str | None = None
    jobTitle: str | None = None
    activationDate: str | None = None
    employeeStatus: str | None = None
    branch: str | None = None
    address: Address | None = None
    resumeDocumentId: int | None = None
    resumeFileName: str | None = None


@attrs.frozen
class Hit:
    """One of those whom the search over everything found, with the number that was found."""

    employeeId: Ident
    phoneNumber: str | None = None


@attrs.frozen
class _Result:
    result: list[Hit] | None = None


@attrs.frozen
class _Results:
    results: _Result | None = None


@attrs.frozen
class Universal:
    """Customers and contacts stand beside the employees and are passed over."""

    employees: _Results | None = None

    @property
    def hits(self) -> list[Hit]:
        """The employees."""
        found = self.employees and self.employees.results
        return (found and found.result) or []


@attrs.frozen
class JobOrderRow:
    """An order as the search lists them: its id is another word, and its type only a code, which is not read."""

    orderId: Ident
    customerName: str | None = None
    jobTitle: str | None = None
    orderStatus: str | None = None
    isActive: Flag = None
    worksite: str | None = None


@attrs.frozen
class JobOrder:
    jobOrderId: Ident
    jobTitle: str | None = None
    publicJobTitle: str | None = None
    jobDescription: str | None = None
    publicJobDescription: str | None = None
    jobOrderType: str | None = None
    jobOrderStatus: str | None = None
    isActive: Flag = None
    customerName: str | None = None
    dateOrderTaken: str | None = None
    supervisorFirstName: str | None = None
    supervisorLastName: str | None = None
    supervisorEmailAddress: str | None = None
    serviceRep: str | None = None
    doNotPostPublicly: Flag = None
    publicPostingDate: str | None = None


@attrs.frozen
class Worksite:
    address: Address | None = None


@attrs.frozen
class BoardJob:
    """A job on the public board; its `dateOrderTaken` is when it was posted, which is another thing."""

    orderId: Ident
    jobTitle: str | None = None
    municipality: str | None = None
    region: str | None = None
    category: str | None = None
    jobBoardUrl: str | None = None


@attrs.frozen
class Assignment:
    assignmentId: Ident
    employeeId: Ident
    jobOrderId: Ident
    assignmentStatusId: Ident | None = None
    assignmentStatus: str | None = None
    activeStatus: Flag = None
    originalStartDate: str | None = None


@attrs.frozen
class OrderCandidateIds:
    """As much of a row as its id outside is made of."""

    orderCandidateId: Ident
    jobOrderId: Ident


@attrs.frozen
class OrderCandidate(OrderCandidateIds):
    employeeId: Ident
    candidateStatusId: Ident | None = None
    candidateStatus: str | None = None
    dateAdded: str | None = None


@attrs.frozen
class CandidateAdded:
    orderCandidateId: Ident


@attrs.frozen
class CandidateStatus:
    candidateStatusId: Ident
    candidateStatus: str | None = None
    isActive: Flag = None
    isRefused: Flag = None


@attrs.frozen
class AssignmentStatus:
    assignmentStatusId: Ident
    assignmentStatus: str | None = None
    isActive: Flag = None


@attrs.frozen
class MessageAction:
    """Some actions do something to the person beside being written down."""

    actionId: Ident
    isActive: Flag = None
    canWrite: Flag = None
    isEmployeeRelevant: Flag = None
    isDeact: Flag = None
    isReact: Flag = None
    isDoNotAssign: Flag = None
    isAvailability: Flag = None


@attrs.frozen
class Message:
    id: Ident
    message: str | None = None
    date: str | None = None


@attrs.frozen
class MessageAdded:
    """The message stands even where a link did not come about."""

    messageId: Ident
    failedToBeLinkedOrigins: list[object] | None = None
    failedToBeLinkedDocuments: list[object] | None = None


@attrs.frozen
class Document:
    documentId: Ident
    documentType: str | None = None
    documentName: str | None = None
    fileName: str | None = None
    documentDate: str | None = None


@attrs.frozen
class DocumentAdded:
    documentId: Ident


@attrs.frozen
class CustomProperty:
    """A custom property with its value; all definitions come with every record."""

    propertyDefinitionId: str
    propertyName: str | None = None
    propertyValue: object = None
    propertyType: str | None = None
    isActive: Flag = None
    isRequired: Flag = None
    isReadOnly: Flag = None
    allowMultipleValues: Flag = None
    hasDatalist: Flag = None


@attrs.frozen
class Option:
    """A value of a data list; under which name it stands is assumed."""

    value: str | None = None
    isActive: Flag = None


@attrs.frozen
class Column:
    columnId: str
    columnName: str | None = None
    category: str | None = None


@attrs.frozen
class Cell:
    value: object = None


@attrs.frozen
class Branch:
    branchId: Ident
