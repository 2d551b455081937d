"""Cursors have numbers, and records bear theirs: two names in each record and each index were most of their bytes.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE old_cursors AS SELECT * FROM cursors")
    op.execute("CREATE TABLE old_records AS SELECT * FROM records")
    op.drop_table("cursors")
    op.drop_table("records")
    _cursors()
    _records()
    op.drop_table("old_cursors")
    op.drop_table("old_records")


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("id", sa.Integer(), nullable=False, comment="short: it is in each record and its indexes"),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cursors")),
        sa.UniqueConstraint("connection_id", "kind", name=op.f("uq_cursors_connection_id_kind")),
    )
    op.create_index(op.f("ix_cursors_due_at"), "cursors", ["due_at"])
    op.execute(
        "INSERT INTO cursors (connection_id, kind, since, due_at, full_at, pull_id, fence, lease_until, failures)"
        " SELECT connection_id, kind, since, due_at, full_at, pull_id, fence, lease_until, failures FROM old_cursors"
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("cursor_id", sa.Integer(), nullable=False, comment="whose and of what kind it is"),
        sa.Column("id", sa.Text(), nullable=False, comment="the ATS's"),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the bytes in which it came last"),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="gone once it was deleted in the ATS"),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.Text(), nullable=True, comment="whose application it is"),
        sa.Column(
            "updated_at", sa.BigInteger(), nullable=False, comment="when it was kept so; never less than another's"
        ),
        sa.ForeignKeyConstraint(["cursor_id"], ["cursors.id"], name=op.f("fk_records_cursor_id")),
        sa.PrimaryKeyConstraint("cursor_id", "id", name=op.f("pk_records")),
    )
    op.execute(
        "INSERT INTO records (cursor_id, id, digest, content, status, candidate_id, updated_at)"
        " SELECT cursors.id, old_records.id, digest, content, status, candidate_id, updated_at"
        " FROM old_records JOIN cursors USING (connection_id, kind)"
    )
    op.create_index(op.f("ix_records_cursor_id_updated_at_id"), "records", ["cursor_id", "updated_at", "id"])
    whose = sa.text("candidate_id IS NOT NULL")
    op.create_index(
        "ix_records_candidate",
        "records",
        ["cursor_id", "candidate_id"],
        sqlite_where=whose,
        postgresql_where=whose,
    )
