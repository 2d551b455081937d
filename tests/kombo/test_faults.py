"""Feeds over the emulated Kombo with its faults switched on: no page is lost, none comes twice."""

from collections import Counter
from typing import Any

import pytest

from entrypoints.sandbox.kombo import KomboSandbox
from ports.errors import AccessError, MalformedReplyError, PortError, UnavailableError
from ports.gateway import Gateway, need
from tests.kombo.rig import opened

FEEDS = ("job_feed", "application_feed", "candidate_feed")


def changed(gateway: Gateway, feed: str) -> Any:
    port: Any = need(getattr(gateway, feed))
    return getattr(port, {"job_feed": "changed_jobs"}.get(feed, f"changed_{feed.removesuffix('_feed')}s"))()


async def seen_by(gateway: Gateway, sandbox: KomboSandbox, feed: str, fault: str, times: int = 1) -> list[Any]:
    """All that comes, with the fault switched on after the first page."""
    seen: list[Any] = []
    async for page in changed(gateway, feed):
        if not seen:
            sandbox.faults.arm(fault, times=times)
        seen += page
    return seen


def spoiled(seen: list[Any]) -> list[str]:
    paths = []
    for one in seen:
        try:
            one.load()
        except MalformedReplyError as error:
            paths.append(error.path)
    return paths


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("fault", ["429", "429_bare", "502_html", "503_html", "500", "503_remote", "reset"])
async def test_trouble_half_way_loses_and_repeats_nothing(sandbox: KomboSandbox, fault: str, feed: str) -> None:
    async with opened(sandbox.connection_kombo, assumed={"page_size": "7"}) as gateway:
        seen = await seen_by(gateway, sandbox, feed, fault, times=2)

    assert len(seen) == 50
    assert set(Counter(one.id for one in seen).values()) == {1}


async def test_paging_that_goes_in_circles_is_an_error(sandbox: KomboSandbox) -> None:
    async with opened(sandbox.connection_kombo, assumed={"page_size": "7"}) as gateway:
        with pytest.raises(MalformedReplyError):
            await seen_by(gateway, sandbox, "candidate_feed", "repeated_page", times=1_000)


@pytest.mark.parametrize("fault", ["html_200", "truncated_json"])
async def test_a_page_that_is_none_is_an_error_and_no_end(sandbox: KomboSandbox, fault: str) -> None:
    async with opened(sandbox.connection_kombo, assumed={"page_size": "7"}) as gateway:
        with pytest.raises(PortError):
            await seen_by(gateway, sandbox, "candidate_feed", fault)


async def test_a_record_that_changes_between_pages_comes_again_and_nobody_is_missed(sandbox: KomboSandbox) -> None:
    async with opened(sandbox.connection_kombo, assumed={"page_size": "7"}) as gateway:
        seen = await seen_by(gateway, sandbox, "application_feed", "changed_between_pages")

    assert len({one.id for one in seen}) == 50
    assert len(seen) == 51


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("fault", ["missing_keys", "partial_row"])
async def test_one_record_that_cannot_be_read_is_put_aside_and_its_page_goes_on(
    sandbox: KomboSandbox, gateway: Gateway, feed: str, fault: str
) -> None:
    sandbox.faults.arm(fault)

    seen = [one async for page in changed(gateway, feed) for one in page]

    assert len(seen) == len({one.id for one in seen}) == 50
    assert len(spoiled(seen)) == 1
    assert spoiled(seen)[0].startswith("$.")


@pytest.mark.parametrize("feed", FEEDS)
async def test_keys_never_heard_of_are_no_fault(sandbox: KomboSandbox, gateway: Gateway, feed: str) -> None:
    sandbox.faults.arm("extra_keys")

    seen = [one async for page in changed(gateway, feed) for one in page]

    assert (len(seen), spoiled(seen)) == (50, [])


@pytest.mark.parametrize(("feed", "paths"), [("application_feed", {"$.outcome"}), ("job_feed", set())])
async def test_words_never_heard_of_put_aside_what_hangs_on_them(
    sandbox: KomboSandbox, gateway: Gateway, feed: str, paths: set[str]
) -> None:
    sandbox.faults.arm("unknown_enum")

    seen = [one async for page in changed(gateway, feed) for one in page]

    assert len(seen) == 50
    assert set(spoiled(seen)) == paths


@pytest.mark.parametrize("feed", FEEDS)
async def test_nulls_where_none_are_allowed_put_aside_their_records(
    sandbox: KomboSandbox, gateway: Gateway, feed: str
) -> None:
    sandbox.faults.arm("null_fields")

    seen = [one async for page in changed(gateway, feed) for one in page]

    assert len(seen) == len({one.id for one in seen}) == 50
    assert len(spoiled(seen)) == 50


@pytest.mark.parametrize(
    ("setup", "error"),
    [
        ("SETUP_SYNC_PENDING", UnavailableError),
        ("SETUP_INCOMPLETE", AccessError),
        ("QA_FAILED", AccessError),
        ("INACTIVE", AccessError),
    ],
)
async def test_an_integration_that_is_not_set_up_says_so(
    sandbox: KomboSandbox, gateway: Gateway, setup: str, error: type[PortError]
) -> None:
    sandbox.state.switches.setup = setup

    with pytest.raises(error, match=setup):
        await anext(aiter(changed(gateway, "job_feed")))
    (host,) = await gateway.check.hosts()
    assert setup in (host.fault or "")


@pytest.mark.parametrize("wrong", [{"api_key": "wrong"}, {"integration_id": "greenhouse:wrong"}])
async def test_a_wrong_key_or_integration_is_no_access(sandbox: KomboSandbox, wrong: dict[str, str]) -> None:
    credentials = {**sandbox.connection_kombo["credentials"], **wrong}
    async with opened(sandbox.connection_kombo, credentials=credentials) as gateway:
        with pytest.raises(AccessError) as error:
            await anext(aiter(changed(gateway, "job_feed")))
        (host,) = await gateway.check.hosts()

    assert host.fault is not None
    assert "canary" not in f"{error.value}{host.fault}"
