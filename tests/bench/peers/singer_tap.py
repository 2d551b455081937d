"""A tap on the SDK's own REST stream: Kombo's candidates, told on standard output."""

from collections.abc import Mapping
from typing import Any

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import JSONPathPaginator

from tests.bench.kombo_pages import PAGE

_TIMES = ("remote_created_at", "remote_updated_at", "changed_at")


def _texts(*names: str) -> list[Any]:
    return [th.Property(name, th.StringType) for name in names]


def _times(*names: str) -> list[Any]:
    return [th.Property(name, th.DateTimeType) for name in names]


def _many(*properties: Any) -> Any:
    return th.ArrayType(th.ObjectType(*properties))


_NAMED = _texts("id", "name", "remote_id")
_STAGE = th.ObjectType(*_NAMED, th.Property("index", th.IntegerType))
_APPLICATION = (
    *_texts("id", "remote_id", "outcome", "rejection_reason_name", "remote_url"),
    *_times(*_TIMES, "rejected_at"),
    th.Property("current_stage", _STAGE),
    th.Property("job", th.ObjectType(*_NAMED)),
)
_PLACE = _texts("city", "country", "raw", "state", "street_1", "street_2", "zip_code")
_CANDIDATE = th.PropertiesList(
    th.Property("id", th.StringType, required=True),
    *_texts("remote_id", "first_name", "last_name", "company", "title", "source", "remote_url"),
    *_times(*_TIMES, "remote_deleted_at"),
    th.Property("confidential", th.BooleanType),
    th.Property("custom_fields", th.ObjectType(additional_properties=True)),
    th.Property("applications", _many(*_APPLICATION)),
    th.Property("tags", _many(*_NAMED)),
    th.Property("phone_numbers", _many(*_texts("phone_number", "type"))),
    th.Property("email_addresses", _many(*_texts("email_address", "type"))),
    th.Property("social_media", _many(*_texts("link", "type", "username"))),
    th.Property("location", th.ObjectType(*_PLACE)),
)


class Candidates(RESTStream):
    name = "candidates"
    path = "/v1/ats/candidates"
    primary_keys = ("id",)
    replication_key = "changed_at"
    is_sorted = False
    records_jsonpath = "$.data.results[*]"
    schema = _CANDIDATE.to_dict()

    @property
    def url_base(self) -> str:
        return f"http://127.0.0.1:{self.config['port']}"

    def get_new_paginator(self) -> JSONPathPaginator:
        return JSONPathPaginator("$.data.next")

    def get_url_params(self, context: Any, next_page_token: str | None) -> Mapping[str, Any]:
        return {"page_size": PAGE} | ({"cursor": next_page_token} if next_page_token else {})


class TapPages(Tap):
    name = "tap-pages"
    config_jsonschema = th.PropertiesList(th.Property("port", th.IntegerType)).to_dict()

    def discover_streams(self) -> list[Candidates]:
        return [Candidates(tap=self)]


if __name__ == "__main__":
    TapPages.cli()
