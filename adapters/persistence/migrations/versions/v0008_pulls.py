"""What is pulled out of an ATS, and how far each pull has come.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _records()
    _pulls()
    _cursors()
    _put_aside()


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False, comment="the ATS's"),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the bytes in which it came last"),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="gone once it was deleted in the ATS"),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.Text(), nullable=True, comment="whose application it is"),
        sa.Column(
            "updated_at", sa.BigInteger(), nullable=False, comment="when it was kept so; never less than another's"
        ),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_records_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "kind", "id", name=op.f("pk_records")),
    )
    by_time = ["connection_id", "kind", "updated_at", "id"]
    op.create_index(op.f("ix_records_connection_id_kind_updated_at_id"), "records", by_time)
    whose = sa.text("candidate_id IS NOT NULL")
    op.create_index(
        "ix_records_candidate",
        "records",
        ["connection_id", "candidate_id"],
        sqlite_where=whose,
        postgresql_where=whose,
    )


def _pulls() -> None:
    op.create_table(
        "pulls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False, comment="by a person or program"),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True, comment="where the source's list goes on"),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("tally", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_pulls_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulls")),
    )
    op.create_index(op.f("ix_pulls_connection_id_id"), "pulls", ["connection_id", "id"])


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True, comment="when the last finished read began"),
        sa.Column("due_at", sa.BigInteger(), nullable=True, comment="none: only when asked for"),
        sa.Column("full_at", sa.BigInteger(), nullable=True, comment="when everything is to be read again"),
        sa.Column("pull_id", sa.Text(), nullable=True, comment="the one that has not ended"),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_cursors_connection_id")),
        sa.ForeignKeyConstraint(["pull_id"], ["pulls.id"], name=op.f("fk_cursors_pull_id")),
        sa.PrimaryKeyConstraint("connection_id", "kind", name=op.f("pk_cursors")),
    )
    op.create_index(op.f("ix_cursors_due_at"), "cursors", ["due_at"])


def _put_aside() -> None:
    op.create_table(
        "put_aside",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_put_aside_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "kind", "id", name=op.f("pk_put_aside")),
        comment="records that could not be decoded",
    )
