"""Who we say we are: a token, an account, or a client of the log-in server; and what is said when it will not do."""

import pytest

from domain.errors import InvalidError
from domain.ids import CandidateId
from entrypoints.sandbox.tempworks import running
from entrypoints.sandbox.tempworks.server import Auth, TempWorksSandbox
from ports.errors import AccessError, ForbiddenError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Sun, Try
from tests.tempworks.rig import opened
from tests.wire.tempworks.acts import FILE

PERSON = CandidateId("43769")


@pytest.mark.parametrize("auth", ["token", "basic", "oauth"])
async def test_each_way_to_log_in_is_let_in(sun: Sun, auth: Auth) -> None:
    async with running(rate_limit=None, clock=sun, auth=auth) as sandbox, opened(sandbox.connection) as gateway:
        assert [host.fault for host in await gateway.check.hosts()] == [None]
        assert (await need(gateway.candidate_lookup).candidate(PERSON)).id == PERSON

        assert sandbox.journal.shown()["logins"] == ({"login": 1} if auth == "oauth" else {})


@pytest.mark.parametrize("switch", ["token_expired", "token_inactive"])
@pytest.mark.parametrize("auth", ["token", "basic"])
async def test_a_token_that_is_dead_is_asked_with_once_and_no_more(sun: Sun, auth: Auth, switch: str) -> None:
    async with running(rate_limit=None, clock=sun, auth=auth) as sandbox, opened(sandbox.connection) as gateway:
        setattr(sandbox.state.switches, switch, True)

        with pytest.raises(AccessError, match="credentials were refused"):
            await need(gateway.candidate_lookup).candidate(PERSON)

        assert sandbox.journal.requests == 1


async def test_an_oauth_token_that_has_ended_is_renewed_once(sun: Sun) -> None:
    async with running(rate_limit=None, clock=sun, auth="oauth") as sandbox, opened(sandbox.connection) as gateway:
        await need(gateway.candidate_lookup).candidate(PERSON)
        sandbox.faults.arm("expire_tokens", route="GET /Employees/{id}")

        await need(gateway.candidate_lookup).candidate(PERSON)

        assert sandbox.journal.shown()["logins"] == {"login": 2}


async def test_wrong_credentials_of_a_client_need_the_customers_admin(sun: Sun) -> None:
    async with running(rate_limit=None, clock=sun, auth="oauth") as sandbox:
        wrong = {**sandbox.connection["credentials"], "tenant": "somebody-else"}
        async with opened(sandbox.connection, credentials=wrong) as gateway:
            with pytest.raises(AccessError, match="log-in"):
                await need(gateway.candidate_lookup).candidate(PERSON)


async def test_the_scope_that_is_lacking_is_named(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.missing_scopes = "document-write"

    with pytest.raises(ForbiddenError, match="lack the scope document-write"):
        await need(gateway.candidate_files).add(PERSON, FILE, Try())
    assert sandbox.writes == []


@pytest.mark.parametrize("kind", ["empty", "text", "html"])
async def test_a_refusal_is_understood_without_its_body(sandbox: TempWorksSandbox, gateway: Gateway, kind: str) -> None:
    sandbox.state.switches.error_bodies = kind
    sandbox.state.switches.missing_scopes = "employee-write"

    with pytest.raises(ForbiddenError, match="403"):
        await need(gateway.candidate_lookup).candidate(PERSON)


async def test_who_sees_no_branch_is_told_so(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.sees_no_branch = True

    (host,) = await gateway.check.hosts()

    assert "sees no branch" in (host.fault or "")


async def test_credentials_of_another_way_than_the_settings_name_open_nothing(sandbox: TempWorksSandbox) -> None:
    with pytest.raises(InvalidError, match="/auth"):
        async with opened(sandbox.connection, auth="oauth"):
            pass
