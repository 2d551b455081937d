"""A full disk over HTTP: the caller is told to come again, and nothing is half accepted."""

from tests.persistence.full_disk import a_full_disk
from tests.web.bodies import a_call_result, in_base64
from tests.web.rig import Api


async def test_what_finds_no_room_is_answered_with_503_and_accepted_later(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    large = b"%PDF-1.7\n" + b"canary " * 60_000 + b"\n%%EOF\n"
    result = a_call_result(report={"filename": "report.pdf", "content_base64": in_base64(large)})
    async with a_full_disk(api.stores.database):
        refused = await api("POST", path, result)
        assert (refused.status, refused.body["type"]) == (503, "urn:atsbridge:problem:unavailable")
        assert "canary" not in refused.text
        assert (await api("GET", "/v1/writebacks")).body["items"] == []
    accepted = await api("POST", path, result)
    assert accepted.status == 202
    assert len((await api("GET", "/v1/writebacks")).body["items"]) == 1
