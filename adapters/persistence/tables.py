"""The schema. JSON is kept as bytes, and times are integers: what is written is what is read, on both engines."""

from typing import Any, TypeAlias

import sqlalchemy as sa

AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite uses a partial index only where the query has the same literal, so these are never bound as parameters.
WAITING = sa.literal_column("'waiting'", sa.Text)
RUNNING = sa.literal_column("'running'", sa.Text)


def partial_index(name: str, *columns: str, where: sa.ColumnElement[bool], unique: bool = False) -> sa.Index:
    """An index of the rows of which `where` is true."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


connections = sa.Table(
    "connections",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", sa.LargeBinary, nullable=False),
    sa.Column("policy", sa.LargeBinary, nullable=False),
    sa.Column("credentials", sa.LargeBinary, comment="sealed; gone once removed"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("parked", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("removed_at", sa.BigInteger, comment="the row stays, for the keys of what was written"),
)

rounds = sa.Table(
    "rounds",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("served_at", sa.BigInteger, nullable=False),
    comment="when each connection last had work claimed; apart from connections, which accepting locks",
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("permissions", sa.LargeBinary, nullable=False),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), index=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
)

_state = sa.Column("state", sa.Text, nullable=False)

commands = sa.Table(
    "commands",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("candidate_id", sa.Text, comment="the candidate that the request itself names"),
    sa.Column("body_sha256", sa.LargeBinary, nullable=False),
    _state,
    sa.Column("reason", sa.Text),
    sa.Column("planned", sa.Boolean, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("lease_until", sa.BigInteger),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("crashes", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False, comment="accepted, or by a person's word set going again"),
    sa.Column("finished_at", sa.BigInteger, comment="when it last stopped"),
    sa.UniqueConstraint("connection_id", "key"),
    sa.Index(None, "connection_id", "id"),
    partial_index("ix_commands_waiting", "connection_id", "due_at", "id", where=_state == WAITING),
    partial_index("ix_commands_unfinished", "connection_id", "subject", "id", where=_state.in_([WAITING, RUNNING])),
    partial_index("ix_commands_leases", "lease_until", where=_state == RUNNING),
    partial_index("uq_commands_running_subject", "connection_id", "subject", where=_state == RUNNING, unique=True),
    sqlite_with_rowid=False,  # found by the id alone: one tree less to keep and to walk down
)

bodies = sa.Table(
    "bodies",
    metadata,
    sa.Column("command_id", sa.ForeignKey(commands.c.id), primary_key=True),
    sa.Column("accepted_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    comment="requests, gone once erased; apart from commands, whose rows are rewritten with each claim",
)

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("command_id", sa.ForeignKey(commands.c.id), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("marker", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("target_type", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text, comment="gone once erased"),
    sa.Column("payload", sa.LargeBinary, comment="the effect as planned; gone once erased"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("flight_ends", sa.BigInteger),
    sa.Column("receipt", sa.LargeBinary),
    sa.UniqueConstraint("connection_id", "key"),
)

erased_people = sa.Table(
    "erased_people",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("candidate_sha256", sa.LargeBinary, primary_key=True),
    sa.Column("erased_at", sa.BigInteger, nullable=False),
    comment="who was erased: a command accepted before may turn out to concern them only when it is planned",
)

blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

command_files = sa.Table(
    "command_files",
    metadata,
    sa.Column("command_id", sa.ForeignKey(commands.c.id), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("connection_id", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["connection_id", "sha256"], ["blobs.connection_id", "blobs.sha256"]),
    sa.Index(None, "connection_id", "sha256"),
    comment="which commands refer to a blob: the last one erased takes it along",
)

host_turns = sa.Table(
    "host_turns",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("next_at", sa.BigInteger, nullable=False),
    sa.Column("silent_until", sa.BigInteger, nullable=False, comment="the host asked for it"),
    sa.Column("bears", sa.Integer, comment="how many at once, as the host said last"),
    comment="when an ATS host may be spoken to next, whoever speaks",
)

host_places = sa.Table(
    "host_places",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False, comment="free from then on"),
    comment="what is under way at hosts that count it, whoever speaks: a row for each place",
)

host_tokens = sa.Table(
    "host_tokens",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False, comment="the connection's"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("fresh_until", sa.BigInteger, nullable=False),
    sa.Column("refresher", sa.Text, comment="who is logging in"),
    sa.Column("refreshing_until", sa.BigInteger, nullable=False),
    comment="the token that all processes show a host; apart from turns, which are taken far more often",
)

vendor_events = sa.Table(
    "vendor_events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), nullable=False),
    sa.Column("event_id", sa.Text, nullable=False, comment="the vendor's"),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("changed", sa.LargeBinary, nullable=False),
    sa.Column("fault", sa.Text),
    sa.Column("received_at", sa.BigInteger, nullable=False, index=True),
    sa.UniqueConstraint("connection_id", "event_id"),
    sa.Index(None, "connection_id", "id"),
    comment="what vendors told of their own accord, each once; nothing of people",
)

asked_pulls = sa.Table(
    "asked_pulls",
    metadata,
    sa.Column("connection_id", sa.ForeignKey(connections.c.id), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("asked_at", sa.BigInteger, nullable=False, comment="last"),
    comment="kinds of records to be read again, because a vendor said that they changed",
)
