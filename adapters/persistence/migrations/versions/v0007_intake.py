"""What customers without an ATS hand in.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_records",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False, comment="the customer's"),
        sa.Column("candidate_id", sa.Text(), nullable=True, comment="whom it is about"),
        sa.Column("job_id", sa.Text(), nullable=True, comment="for which an application is"),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False, comment="with the resume"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "delivered_at",
            sa.BigInteger(),
            nullable=True,
            comment="seen then: every result of the candidate was delivered",
        ),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_intake_records_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "kind", "id", name=op.f("pk_intake_records")),
    )
    whose = sa.text("candidate_id IS NOT NULL")
    op.create_index(
        "ix_intake_records_candidate",
        "intake_records",
        ["connection_id", "candidate_id"],
        sqlite_where=whose,
        postgresql_where=whose,
    )
    op.create_table(
        "intake_resumes",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_intake_resumes_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "candidate_id", name=op.f("pk_intake_resumes")),
    )
    op.create_table(
        "intake_messages",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("id_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_intake_messages_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "id_sha256", name=op.f("pk_intake_messages")),
        comment="messages that were taken in, each once, for ever: no late redelivery brings back who was erased",
    )
