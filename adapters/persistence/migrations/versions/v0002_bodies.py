"""Requests in a table of their own: a claim, a lease or an end no longer writes them anew with their command's row.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _bodies()
    op.drop_index("ix_commands_kept", "commands")
    with op.batch_alter_table("commands", table_kwargs={"sqlite_with_rowid": False}) as commands:
        commands.drop_column("body")


def _bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["command_id"], ["commands.id"], name=op.f("fk_bodies_command_id")),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_bodies")),
        sqlite_with_rowid=False,
        comment="requests, gone once erased; apart from commands, whose rows are rewritten with each claim",
    )
    op.create_index(op.f("ix_bodies_accepted_at"), "bodies", ["accepted_at"], unique=False)
    op.execute(
        "INSERT INTO bodies (command_id, accepted_at, content)"
        " SELECT id, created_at, body FROM commands WHERE body IS NOT NULL"
    )
