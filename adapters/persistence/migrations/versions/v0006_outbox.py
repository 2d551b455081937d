"""Events, the endpoints that hear them, and their deliveries.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _endpoints()
    _events()
    _deliveries()


def _endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=True, comment="none: of all connections"),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False, comment="sealed, with their version"),
        sa.Column("secrets_version", sa.Integer(), nullable=False),
        sa.Column("previous_until", sa.BigInteger(), nullable=False, comment="so long the secret before signs too"),
        sa.Column("disabled", sa.Text(), nullable=True, comment="why nothing is sent there"),
        sa.Column("given_up", sa.Boolean(), nullable=False, comment="disabled by its failures"),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_endpoints_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
    )
    op.create_index(op.f("ix_endpoints_connection_id"), "endpoints", ["connection_id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=True, comment="in the order of becoming visible"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=True),
        sa.Column("endpoint_id", sa.Text(), nullable=True, comment="for this endpoint alone"),
        sa.Column("candidate_id", sa.Text(), nullable=True, comment="whom the data is about"),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True, comment="gone once erased"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        comment="what customers are told",
        sqlite_with_rowid=False,
    )
    _partial("ix_events_fresh", "events", ["created_at", "id"], "place IS NULL")
    visible = "place IS NOT NULL AND data IS NOT NULL"
    _partial("ix_events_place", "events", ["place"], visible)
    _partial("ix_events_of_connection", "events", ["connection_id", "place"], visible)
    _partial("uq_events_key", "events", ["connection_id", "key"], "key IS NOT NULL", unique=True)
    _partial("ix_events_candidate", "events", ["connection_id", "candidate_id"], "candidate_id IS NOT NULL")
    order = op.create_table(
        "event_order",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_order")),
        comment="one row: the last place that was given to an event; who gives them holds it",
    )
    op.bulk_insert(order, [{"id": 1, "last": 0}])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="attempts since it was last begun anew"),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_deliveries_endpoint_id")),
        sa.UniqueConstraint("event_id", "endpoint_id", name=op.f("uq_deliveries_event_id_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        comment="events on their way to endpoints",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_deliveries_endpoint_id_id"), "deliveries", ["endpoint_id", "id"])
    _partial("ix_deliveries_waiting", "deliveries", ["endpoint_id", "due_at", "id"], "state = 'waiting'")
    _partial("ix_deliveries_leases", "deliveries", ["lease_until"], "state = 'running'")
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("took", sa.BigInteger(), nullable=False, comment="microseconds"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_delivery_attempts")),
        sqlite_with_rowid=False,
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
