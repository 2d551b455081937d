"""Identifiers. All are text outside the adapters; those of an ATS are the vendor's own."""

from typing import NewType

ConnectionId = NewType("ConnectionId", str)
CommandId = NewType("CommandId", str)
JobId = NewType("JobId", str)
CandidateId = NewType("CandidateId", str)
ApplicationId = NewType("ApplicationId", str)
StageId = NewType("StageId", str)
ReasonId = NewType("ReasonId", str)
TagId = NewType("TagId", str)
FieldId = NewType("FieldId", str)
EventId = NewType("EventId", str)
EndpointId = NewType("EndpointId", str)
DeliveryId = NewType("DeliveryId", str)
PullId = NewType("PullId", str)
