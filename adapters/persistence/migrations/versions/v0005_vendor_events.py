"""What vendors tell of their own accord, and the pulls that it asks for.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False, comment="the vendor's"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("changed", sa.LargeBinary(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_vendor_events_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_events")),
        sa.UniqueConstraint("connection_id", "event_id", name=op.f("uq_vendor_events_connection_id_event_id")),
        comment="what vendors told of their own accord, each once; nothing of people",
    )
    op.create_index(op.f("ix_vendor_events_connection_id_id"), "vendor_events", ["connection_id", "id"], unique=False)
    op.create_index(op.f("ix_vendor_events_received_at"), "vendor_events", ["received_at"], unique=False)
    op.create_table(
        "asked_pulls",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False, comment="last"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_asked_pulls_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "kind", name=op.f("pk_asked_pulls")),
        comment="kinds of records to be read again, because a vendor said that they changed",
    )
