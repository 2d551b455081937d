"""The outbox: events, the endpoints that hear them, and their deliveries."""

import sqlalchemy as sa

from adapters.persistence.tables import RUNNING, WAITING, connections, metadata, partial_index

endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), index=True, comment="none: of all connections"),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("types", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("secrets", sa.LargeBinary, nullable=False, comment="sealed, with their version"),
    sa.Column("secrets_version", sa.Integer, nullable=False),
    sa.Column("previous_until", sa.BigInteger, nullable=False, comment="so long the secret before signs too"),
    sa.Column("disabled", sa.Text, comment="why nothing is sent there"),
    sa.Column("given_up", sa.Boolean, nullable=False, comment="disabled by its failures"),
    sa.Column("failing_since", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

_place = sa.Column("place", sa.BigInteger, comment="in the order of becoming visible")
_data = sa.Column("data", sa.LargeBinary, comment="gone once erased")
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _place,
    sa.Column("type", sa.Text, nullable=False),
    # No foreign key: it would lock connections after commands, and everybody else locks them before.
    sa.Column("connection_id", sa.Text),
    sa.Column("endpoint_id", sa.Text, comment="for this endpoint alone"),
    sa.Column("candidate_id", sa.Text, comment="whom the data is about"),
    sa.Column("key", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    _data,
    partial_index("ix_events_fresh", "created_at", "id", where=_place.is_(None)),
    partial_index("ix_events_place", "place", where=sa.and_(_place.is_not(None), _data.is_not(None))),
    partial_index(
        "ix_events_of_connection",
        *("connection_id", "place"),
        where=sa.and_(_place.is_not(None), _data.is_not(None)),
    ),
    partial_index("uq_events_key", "connection_id", "key", where=sa.column("key").is_not(None), unique=True),
    partial_index("ix_events_candidate", "connection_id", "candidate_id", where=sa.column("candidate_id").is_not(None)),
    sqlite_with_rowid=False,
    comment="what customers are told",
)

event_order = sa.Table(
    "event_order",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    comment="one row: the last place that was given to an event; who gives them holds it",
)

_progress = sa.Column("state", sa.Text, nullable=False)
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.ForeignKey(events.c.id), nullable=False),
    sa.Column("endpoint_id", sa.ForeignKey(endpoints.c.id), nullable=False),
    _progress,
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, comment="attempts since it was last begun anew"),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("lease_until", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("event_id", "endpoint_id"),
    sa.Index(None, "endpoint_id", "id"),
    partial_index("ix_deliveries_waiting", "endpoint_id", "due_at", "id", where=_progress == WAITING),
    partial_index("ix_deliveries_leases", "lease_until", where=_progress == RUNNING),
    sqlite_with_rowid=False,
    comment="events on their way to endpoints",
)

delivery_attempts = sa.Table(
    "delivery_attempts",
    metadata,
    sa.Column("delivery_id", sa.ForeignKey(deliveries.c.id), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ended_at", sa.BigInteger, nullable=False),
    sa.Column("took", sa.BigInteger, nullable=False, comment="microseconds"),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sqlite_with_rowid=False,
)
