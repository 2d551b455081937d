"""A target on the SDK's own SQL classes: SQLite, new or changed by id. None that is published is on a current SDK.

Nested values are kept as JSON, as the SQL targets of others do.
"""

import json
from typing import Any

from singer_sdk import typing as th
from singer_sdk.sql import SQLConnector, SQLSink, SQLTarget


class Connector(SQLConnector):
    allow_column_alter = False
    allow_merge_upsert = True
    allow_temp_tables = False

    def get_sqlalchemy_url(self, config: dict[str, Any]) -> str:
        return f"sqlite:///{config['path']}"


class Sink(SQLSink):
    connector_class = Connector
    max_size = 10_000

    def preprocess_record(self, record: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        return {
            name: json.dumps(value, default=str) if isinstance(value, dict | list) else value
            for name, value in record.items()
        }


class TargetSqlite(SQLTarget):
    name = "target-sqlite-pages"
    default_sink_class = Sink
    config_jsonschema = th.PropertiesList(th.Property("path", th.StringType)).to_dict()


if __name__ == "__main__":
    TargetSqlite.cli()
