"""dlt loads the same pages into SQLite, new or changed by id; records stay whole, nested values as JSON.

Without tables for what is nested it is fastest, and so it is without compressed files on the way.
"""

import json
import os
import time

import dlt
from dlt.sources.rest_api import rest_api_source

from tests.bench.kombo_pages import PAGE
from tests.bench.machine import a_folder, handed

_QUIET = {"RUNTIME__LOG_LEVEL": "ERROR", "RUNTIME__DLTHUB_TELEMETRY": "false"}
_FASTEST = {"EXTRACT__WORKERS": "1", "NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION": "true"}


def _candidates(port: int) -> object:
    paging = {"type": "cursor", "cursor_path": "data.next", "cursor_param": "cursor"}
    changed = {"cursor_path": "changed_at", "start_param": "updated_after", "initial_value": "2020-01-01T00:00:00.000Z"}
    reading = {
        "path": "candidates",
        "data_selector": "data.results",
        "params": {"page_size": PAGE},
        "incremental": changed,
    }
    resource = {
        "name": "candidates",
        "primary_key": "id",
        "write_disposition": "merge",
        "max_table_nesting": 0,
        "endpoint": reading,
    }
    return rest_api_source(
        {
            "client": {"base_url": f"http://127.0.0.1:{port}/v1/ats/", "paginator": paging},
            "resources": [resource],
        }
    )


def main(port: int, records: int) -> None:
    os.environ.update(_QUIET | _FASTEST)  # noqa: TID251 - where dlt looks for its settings
    with a_folder() as folder:
        pipeline = dlt.pipeline(
            "pulls",
            pipelines_dir=str(folder / "work"),
            destination=dlt.destinations.sqlalchemy(f"sqlite:///{folder / 'dlt.db'}"),
            dataset_name="main",
        )
        start, cpu = time.perf_counter(), time.process_time()
        told = pipeline.run(_candidates(port))
        took, worked = time.perf_counter() - start, time.process_time() - cpu
        with pipeline.sql_client() as client:
            kept = client.execute_sql("select count(*) from candidates")[0][0]
    if told.has_failed_jobs or kept != records:
        raise RuntimeError(f"{kept} of {records} are kept")
    print(json.dumps({"per_second": records / took, "cpu_us": 1e6 * worked / records}))


if __name__ == "__main__":
    main(**handed())
