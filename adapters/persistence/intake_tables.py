"""What customers without an ATS hand in."""

import sqlalchemy as sa

from adapters.persistence.tables import connections, metadata, partial_index

_of_person = sa.Column("candidate_id", sa.Text, comment="whom it is about")
intake_records = sa.Table(
    "intake_records",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True, comment="the customer's"),
    _of_person,
    sa.Column("job_id", sa.Text, comment="for which an application is"),
    sa.Column("body_sha256", sa.LargeBinary, nullable=False, comment="with the resume"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("delivered_at", sa.BigInteger, comment="seen then: every result of the candidate was delivered"),
    partial_index("ix_intake_records_candidate", "connection_id", "candidate_id", where=_of_person.is_not(None)),
)

intake_resumes = sa.Table(
    "intake_resumes",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("candidate_id", sa.Text, primary_key=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

intake_messages = sa.Table(
    "intake_messages",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("id_sha256", sa.LargeBinary, primary_key=True),
    sa.Column("body_sha256", sa.LargeBinary, nullable=False),
    comment="messages that were taken in, each once, for ever: no late redelivery brings back who was erased",
)
