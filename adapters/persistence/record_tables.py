"""What was pulled out of an ATS, and how far each pull has come."""

import sqlalchemy as sa

from adapters.persistence.tables import connections, metadata, partial_index

pulls = sa.Table(
    "pulls",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked", sa.Boolean, nullable=False, comment="by a person or program"),
    sa.Column("since", sa.BigInteger),
    sa.Column("place", sa.Text, comment="where the source's list goes on"),
    sa.Column("expected", sa.BigInteger),
    sa.Column("tally", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("began_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger),
    sa.Index(None, "connection_id", "id"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="short: it is in each record and its indexes"),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, comment="when the last finished read began"),
    sa.Column("due_at", sa.BigInteger, index=True, comment="none: only when asked for"),
    sa.Column("full_at", sa.BigInteger, comment="when everything is to be read again"),
    sa.Column("pull_id", sa.ForeignKey(pulls.c.id), comment="the one that has not ended"),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("lease_until", sa.BigInteger),
    sa.Column("failures", sa.Integer, nullable=False, comment="in a row"),
    sa.UniqueConstraint("connection_id", "kind"),
)

_of_application = sa.Column("candidate_id", sa.Text, comment="whose application it is")
records = sa.Table(
    "records",
    metadata,
    sa.Column("cursor_id", sa.ForeignKey(cursors.c.id), primary_key=True, comment="whose and of what kind it is"),
    sa.Column("id", sa.Text, primary_key=True, comment="the ATS's"),
    sa.Column("digest", sa.LargeBinary, nullable=False, comment="of the bytes in which it came last"),
    sa.Column("content", sa.LargeBinary, comment="gone once it was deleted in the ATS"),
    sa.Column("status", sa.Text),
    _of_application,
    sa.Column("updated_at", sa.BigInteger, nullable=False, comment="when it was kept so; never less than another's"),
    sa.Index(None, "cursor_id", "updated_at", "id"),
    partial_index("ix_records_candidate", "cursor_id", "candidate_id", where=_of_application.is_not(None)),
)

put_aside = sa.Table(
    "put_aside",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    comment="records that could not be decoded",
)


def cursor_of(connection: str | sa.ColumnElement[str], kind: str | sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    """The number under which records of a connection and kind are kept."""
    return (
        sa.select(cursors.c.id).where(cursors.c.connection_id == connection, cursors.c.kind == kind).scalar_subquery()
    )
