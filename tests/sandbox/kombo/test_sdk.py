"""The vendor's own SDK drives the emulated Kombo: every answer is one of its models, and none fails validation."""

import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from kombo import Kombo, errors
from kombo.models import (
    GetAtsApplicationsPositiveResponse,
    GetAtsApplicationStagesPositiveResponse,
    GetAtsCandidatesPositiveResponse,
    GetAtsJobsPositiveResponse,
    GetAtsNotesPositiveResponse,
    GetAtsRejectionReasonsPositiveResponse,
    GetAtsTagsPositiveResponse,
)

from entrypoints.sandbox.kombo import KomboSandbox

LISTS: dict[str, Any] = {
    "jobs": GetAtsJobsPositiveResponse,
    "applications": GetAtsApplicationsPositiveResponse,
    "candidates": GetAtsCandidatesPositiveResponse,
    "application_stages": GetAtsApplicationStagesPositiveResponse,
    "rejection_reasons": GetAtsRejectionReasonsPositiveResponse,
    "notes": GetAtsNotesPositiveResponse,
    "tags": GetAtsTagsPositiveResponse,
}
# The SDK's client wants to load a machine's certificates each time; nothing here speaks TLS, so none are needed.
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PDF = base64.b64encode(b"%PDF-1.4 %%EOF").decode()
FILE: Any = {"name": "Screening result.pdf", "type": "OTHER", "content_type": "application/pdf", "data": PDF}


@asynccontextmanager
async def opened(sandbox: KomboSandbox, integration: str) -> AsyncIterator[Kombo]:
    async with httpx.AsyncClient(verify=NOBODY) as client:
        with httpx.Client(verify=NOBODY) as other:
            yield Kombo(
                api_key=sandbox.credentials["api_key"],
                integration_id=integration,
                server_url=sandbox.base_urls["api"],
                async_client=client,
                client=other,
            )


@pytest.fixture
async def sdk(sandbox: KomboSandbox) -> AsyncIterator[Kombo]:
    async with opened(sandbox, sandbox.credentials["integration_id"]) as ready:
        yield ready


async def pages(sdk: Kombo, name: str, **query: Any) -> list[Any]:
    """All of the list's models, by the SDK's own way from page to page."""
    found: list[Any] = []
    page: Any = await getattr(sdk.ats, f"get_{name}_async")(**query)
    while page is not None:
        assert isinstance(page.result, LISTS[name])
        found += page.result.data.results
        page = await page.next()
    return found


@pytest.mark.parametrize("name", LISTS)
async def test_lists_page_by_page(sdk: Kombo, name: str) -> None:
    small, all_at_once = await pages(sdk, name, page_size=3), await pages(sdk, name, page_size=250)
    assert [one.id for one in small] == [one.id for one in all_at_once]
    assert len({one.id for one in small}) == len(small) > 0


@pytest.mark.parametrize("name", LISTS)
async def test_lists_of_another_ats(sandbox: KomboSandbox, name: str) -> None:
    async with opened(sandbox, sandbox.connection_kombo["credentials"]["integration_id"]) as sdk:
        assert await pages(sdk, name)


async def test_filters_as_the_sdk_writes_them(sdk: Kombo) -> None:
    after = datetime(2026, 9, 1, tzinfo=UTC)
    every = {one.id for one in await pages(sdk, "candidates")}
    later = await pages(sdk, "candidates", updated_after=after, page_size=4)
    assert 0 < len(later) < len(every)
    first, second = later[0], later[1]
    assert {one.id for one in await pages(sdk, "candidates", ids=[first.id, second.id])} == {first.id, second.id}
    assert [one.id for one in await pages(sdk, "candidates", remote_ids=[first.remote_id])] == [first.id]
    [found] = await pages(sdk, "candidates", email="PERSON.20@people.example.test")
    assert found.email_addresses[0].email_address == "person.20@people.example.test"
    open_jobs = await pages(sdk, "jobs", statuses=["OPEN"], include_deleted=True, ignore_unsupported_filters=True)
    assert {one.status for one in open_jobs} == {"OPEN"}
    assert await pages(sdk, "applications", job_ids=[open_jobs[0].id], outcomes=["PENDING"])


async def test_writes(sandbox: KomboSandbox, sdk: Kombo) -> None:
    ats = sdk.ats
    [application] = await pages(sdk, "applications", remote_ids=["71000459:51000144"])
    assert (application.outcome, application.candidate.id) == ("PENDING", application.candidate_id)
    [job] = await pages(sdk, "jobs", ids=[application.job_id])
    reasons = await pages(sdk, "rejection_reasons")
    stage = next(stage.id for stage in job.stages if stage.remote_id == "NOMINATION")
    about: Any = {"application_id": application.id}
    of: Any = {"candidate_id": application.candidate_id}
    details: Any = {"custom_field_name_prefix": "Acme:", "attributes": [{"key": "Score", "value": "87%"}]}
    link: Any = {"label": "Result", "url": "https://results.example.test/1", "details": details}
    done: list[Any] = [
        await ats.add_application_note_async(**about, content="<p>Reached</p>", content_type="PLAIN_TEXT"),
        await ats.add_application_attachment_async(**about, attachment=FILE),
        await ats.add_candidate_attachment_async(**of, attachment=FILE),
        await ats.add_candidate_tag_async(**of, tag={"name": "Excellent fit"}),
        await ats.add_application_result_link_async(**about, **link),
        await ats.add_candidate_result_link_async(**of, **link),
        await ats.move_application_to_stage_async(**about, stage_id=stage),
        await ats.reject_application_async(**about, rejection_reason_id=reasons[0].id, note="Filled"),
        await ats.remove_candidate_tag_async(**of, tag={"name": "Excellent fit"}),
    ]
    assert [(one.data, one.warnings) for one in done if one.warnings] == []
    assert [write["kind"] for write in sandbox.writes] == [
        *("note", "file", "file", "tag", "result_link", "result_link", "stage", "rejection", "tag_removed"),
    ]


async def test_files_are_read_live_and_downloaded(sdk: Kombo, sandbox: KomboSandbox) -> None:
    [application, *_] = await pages(sdk, "applications")
    await sdk.ats.add_application_attachment_async(application_id=application.id, attachment=FILE)
    of_candidate = await sdk.ats.get_candidate_attachments_async(candidate_id=application.candidate_id)
    of_application = await sdk.ats.get_application_attachments_async(application_id=application.id)
    assert [one.file_name for one in of_application.data.results] == ["Screening result.pdf"]
    newest = of_candidate.data.results[-1]
    assert newest.id == of_application.data.results[0].id
    async with httpx.AsyncClient(verify=NOBODY) as client:
        assert (await client.get(newest.data_url)).content == b"%PDF-1.4 %%EOF"


async def test_new_applications(sdk: Kombo, sandbox: KomboSandbox) -> None:
    jobs = await pages(sdk, "jobs", statuses=["OPEN"])
    person: Any = {"first_name": "Jo", "last_name": "Doe", "email_address": "jo.doe@people.example.test"}
    made: Any = await sdk.ats.create_application_async(
        job_id=jobs[0].id,
        candidate=person | {"phone_number": "+1-541-754-3010", "location": {"city": "Springfield", "country": "US"}},
        stage_id=jobs[0].stages[2].id,
        attachments=[FILE | {"type": "CV"}],
    )
    again: Any = await sdk.ats.create_application_async(job_id=f"remote:{jobs[1].remote_id}", candidate=person)
    assert made.data.candidate.id == again.data.candidate.id
    older: Any = await sdk.ats.create_candidate_async(
        candidate=person | {"email_address": "jd@people.example.test"}, application={"job_id": jobs[0].id}
    )
    assert older.data.applications[0].job.id == jobs[0].id
    [known] = await pages(sdk, "candidates", email="jo.doe@people.example.test")
    assert len(known.applications) == 2


async def test_what_kombo_says_of_itself(sdk: Kombo, sandbox: KomboSandbox) -> None:
    assert (await sdk.general.check_api_key_async()).data.environment_id
    details = await sdk.general.get_integration_details_async(integration_id=sandbox.credentials["integration_id"])
    assert details.data.tool.id == "avionte"
    assert {action.id for action in details.data.write_actions if action.is_available} >= {"ats_add_note"}
    assert (await sdk.general.trigger_sync_async(type_="DELTA")).data.type == "DELTA"


async def test_the_passthrough(sdk: Kombo) -> None:
    passed: Any = {"tool": "avionte", "api": "front-office-v1"}
    jobs: Any = await sdk.general.send_passthrough_request_async(
        **passed, method="POST", path="/jobs/multi-query", data=[51000123, 51000124]
    )
    assert {one["id"] for one in jobs.data.data} == {51000123, 51000124}
    failed = await sdk.general.send_passthrough_request_async(**passed, method="GET", path="/talent/1")
    assert failed.data.status == 404


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("429_bare", 429, "PLATFORM.RATE_LIMIT_EXCEEDED"),
        ("403", 403, "INTEGRATION.PERMISSION_MISSING"),
        ("401", 401, "PLATFORM.AUTHENTICATION_INVALID"),
        ("500", 500, "PLATFORM.UNKNOWN_ERROR"),
        ("503_remote", 503, "REMOTE.SERVICE_UNAVAILABLE"),
    ],
)
async def test_refusals_are_the_sdks_errors(
    sdk: Kombo, sandbox: KomboSandbox, fault: str, status: int, code: str
) -> None:
    sandbox.faults.arm(fault)
    with pytest.raises(errors.KomboAtsError) as refused:
        await sdk.ats.get_jobs_async()
    assert (refused.value.status_code, refused.value.data.error.code) == (status, code)


@pytest.mark.parametrize(
    ("setup", "code"), [("SETUP_SYNC_PENDING", "SETUP_SYNC_PENDING"), ("SETUP_INCOMPLETE", "SETUP_INCOMPLETE")]
)
async def test_an_integration_that_is_not_set_up(sdk: Kombo, sandbox: KomboSandbox, setup: str, code: str) -> None:
    sandbox.state.switches.setup = setup
    with pytest.raises(errors.KomboAtsError) as refused:
        await sdk.ats.get_jobs_async()
    assert (refused.value.status_code, refused.value.data.error.code) == (409, f"INTEGRATION.{code}")


async def test_what_the_sdk_cannot_read(sdk: Kombo, sandbox: KomboSandbox) -> None:
    """The SDK fails a whole page for a code or a value that it never heard of, or a record that lacks a key."""
    for fault in ("unknown_code", "no_code", "missing_keys", "null_fields"):
        sandbox.faults.arm(fault)
        with pytest.raises(errors.ResponseValidationError):
            await sdk.ats.get_jobs_async()
    sandbox.faults.arm("unknown_enum")
    with pytest.raises(errors.ResponseValidationError):
        await sdk.ats.get_applications_async()
    sandbox.faults.arm("extra_keys")
    assert await sdk.ats.get_jobs_async()
