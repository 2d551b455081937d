"""Turns and tokens of ATS hosts, shared by all processes.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_turns",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("silent_until", sa.BigInteger(), nullable=False, comment="the host asked for it"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_host_turns_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "host", name=op.f("pk_host_turns")),
        comment="when an ATS host may be spoken to next, whoever speaks",
    )
    op.create_table(
        "host_tokens",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False, comment="the connection's"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fresh_until", sa.BigInteger(), nullable=False),
        sa.Column("refresher", sa.Text(), nullable=True, comment="who is logging in"),
        sa.Column("refreshing_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_host_tokens_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "host", "revision", name=op.f("pk_host_tokens")),
        comment="the token that all processes show a host; apart from turns, which are taken far more often",
    )
