"""The emulated TempWorks tells its subscribers over a socket; only who gives the chosen secret is listened to."""

import asyncio

import aiohttp

from adapters.tempworks.events import SECRET_HEADER
from domain.policy import RecordType
from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.persistence.pulled import asked
from tests.web.rig import Api

SECRET = "canary-tw-webhook-77b1"


async def subscribed(sandbox: TempWorksSandbox, topic: str, url: str, secret: str) -> None:
    order = {
        "topicName": topic,
        "callbackUrl": url,
        "callbackUrlIsSensitive": False,
        "httpMethod": "POST",
        "httpHeaderName": SECRET_HEADER,
        "httpHeaderValue": secret,
        "httpHeaderValueIsSensitive": True,
    }
    address = f"{sandbox.base_urls['webhooks']}/Subscriptions"
    headers = {"x-tw-token": sandbox.credentials["token"]}
    async with (
        aiohttp.ClientSession() as session,  # noqa: TID251 - the customer's admin
        session.post(address, json=order, headers=headers) as response,
    ):
        assert response.ok, await response.text()


async def edited(sandbox: TempWorksSandbox, what: str) -> None:
    async with (
        aiohttp.ClientSession() as session,  # noqa: TID251 - a recruiter
        session.post(f"{sandbox.control_url}/edits", json={"edit": what, "id": "43769"}) as response,
    ):
        assert response.ok, await response.text()


async def test_its_events_come_in_with_the_chosen_secret_and_keep_nothing_of_a_person(api: Api) -> None:
    async with running(records=12, rate_limit=None) as sandbox:
        credentials = {**sandbox.connection["credentials"], "webhook_secret": SECRET}
        one = (await api("POST", "/v1/connections", {**sandbox.connection, "credentials": credentials})).body["id"]
        path = f"/v1/connections/{one}/vendor-events"
        url = str(api.client.make_url(path))
        await subscribed(sandbox, "employee.updated", url, SECRET)
        await subscribed(sandbox, "employee.addressupdated", url, "canary-another")

        await edited(sandbox, "address")
        await edited(sandbox, "name")

        async with asyncio.timeout(20):
            while not (kept := (await api("GET", path)).body["items"]):
                pass
        assert [event["type"] for event in kept] == ["employee.updated"]
        assert await asked(api.stores) == {(one, RecordType.CANDIDATE)}
