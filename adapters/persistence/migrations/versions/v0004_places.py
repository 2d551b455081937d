"""What is under way at an ATS host, over all processes.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "host_turns", sa.Column("bears", sa.Integer(), nullable=True, comment="how many at once, as the host said last")
    )
    op.create_table(
        "host_places",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="free from then on"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_host_places_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "host", "n", name=op.f("pk_host_places")),
        comment="what is under way at hosts that count it, whoever speaks: a row for each place",
    )
