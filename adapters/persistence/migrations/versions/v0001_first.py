"""The first schema: connections, API keys, commands with their effects, and files.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _connections()
    _api_keys()
    _blobs()
    _commands()
    _command_indexes()
    _rounds()
    _erased_people()
    _command_files()
    _effects()


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("policy", sa.LargeBinary(), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=True, comment="sealed; gone once removed"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "removed_at", sa.BigInteger(), nullable=True, comment="the row stays, for the keys of what was written"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
    )


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", sa.LargeBinary(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_api_keys_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_connection_id"), "api_keys", ["connection_id"], unique=False)


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_blobs_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "sha256", name=op.f("pk_blobs")),
    )


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=True, comment="the candidate that the request itself names"),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="accepted, or by a person's word set going again"),
        sa.Column("finished_at", sa.BigInteger(), nullable=True, comment="when it last stopped"),
        sa.Column("body", sa.LargeBinary(), nullable=True, comment="the request; gone once erased"),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_commands_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sa.UniqueConstraint("connection_id", "key", name=op.f("uq_commands_connection_id_key")),
    )


def _command_indexes() -> None:
    op.create_index(op.f("ix_commands_connection_id_id"), "commands", ["connection_id", "id"], unique=False)
    op.create_index(
        "ix_commands_kept",
        "commands",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_index(
        "ix_commands_leases",
        "commands",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "ix_commands_unfinished",
        "commands",
        ["connection_id", "subject", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_index(
        "ix_commands_waiting",
        "commands",
        ["connection_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_commands_running_subject",
        "commands",
        ["connection_id", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def _rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("served_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_rounds_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_rounds")),
        comment="when each connection last had work claimed; apart from connections, which accepting locks",
    )


def _erased_people() -> None:
    op.create_table(
        "erased_people",
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("candidate_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_erased_people_connection_id")),
        sa.PrimaryKeyConstraint("connection_id", "candidate_sha256", name=op.f("pk_erased_people")),
        comment="who was erased: a command accepted before may turn out to concern them only when it is planned",
    )


def _command_files() -> None:
    op.create_table(
        "command_files",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["command_id"], ["commands.id"], name=op.f("fk_command_files_command_id")),
        sa.ForeignKeyConstraint(
            ["connection_id", "sha256"],
            ["blobs.connection_id", "blobs.sha256"],
            name=op.f("fk_command_files_connection_id_sha256"),
        ),
        sa.PrimaryKeyConstraint("command_id", "sha256", name=op.f("pk_command_files")),
        comment="which commands refer to a blob: the last one erased takes it along",
    )
    op.create_index(
        op.f("ix_command_files_connection_id_sha256"), "command_files", ["connection_id", "sha256"], unique=False
    )


def _effects() -> None:
    op.create_table(
        "effects",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_type", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=True, comment="gone once erased"),
        sa.Column("payload", sa.LargeBinary(), nullable=True, comment="the effect as planned; gone once erased"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("flight_ends", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["command_id"], ["commands.id"], name=op.f("fk_effects_command_id")),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_effects_connection_id")),
        sa.PrimaryKeyConstraint("command_id", "n", name=op.f("pk_effects")),
        sa.UniqueConstraint("connection_id", "key", name=op.f("uq_effects_connection_id_key")),
    )
