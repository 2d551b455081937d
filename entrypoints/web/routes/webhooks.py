"""Webhooks: who is told of what, what became of each telling, and all events for those who would rather ask."""

from typing import Annotated, Any

import attrs
from msgspec import Meta

from domain.delivery import DeliveryState
from domain.errors import InvalidError
from domain.event import Audience, EventType
from domain.ids import ConnectionId, DeliveryId, EndpointId, EventId
from entrypoints.values import Id, Limit
from entrypoints.web.operation import NO_BODY, Call, NoQuery, Operation, PageQuery, Reply, json_body
from entrypoints.web.paging import Items, page_of
from entrypoints.web.webhook_schemas import (
    DeliveryReply,
    EndpointBody,
    EndpointChangeBody,
    EndpointReply,
    EventsReply,
    QueuedReply,
    SecretReply,
    SinceBody,
    SpanBody,
    TestedReply,
    delivery_reply,
    endpoint_reply,
    event_reply,
    secret_reply,
)
from ports.api_keys import Permission
from ports.errors import NotFoundError
from ports.webhooks import Span


@attrs.frozen(kw_only=True)
class DeliveriesQuery(PageQuery):
    """Newest first: all, or those to an endpoint, of an event, or in a state."""

    endpoint: Id | None = None
    event: Id | None = None
    state: DeliveryState | None = None


@attrs.frozen(kw_only=True)
class EventsQuery:
    """`after` is the `next` of what was read last."""

    after: Annotated[int, Meta(ge=0, le=2**62)] = 0
    limit: Limit = 50
    type: EventType | None = None


async def add_endpoint(call: Call[EndpointBody, NoQuery]) -> Reply:
    """A key of one connection makes endpoints of that one only."""
    wanted = ConnectionId(call.body.connection) if call.body.connection else call.scope.connection
    if wanted is not None:
        await _must_be_there(call, wanted)
    audience = Audience(connection=wanted, types=frozenset(call.body.event_types))
    endpoint, secret = await call.services.keep_endpoint.add(call.body.url, audience)
    return Reply(value=secret_reply(endpoint, secret))


async def _must_be_there(call: Call[EndpointBody, NoQuery], connection: ConnectionId) -> None:
    try:
        await call.services.kept_connections.get(call.scope, connection)
    except NotFoundError:
        raise InvalidError.at("/connection", "there is no such connection") from None


async def list_endpoints(call: Call[None, PageQuery]) -> Reply:
    limit = call.query.limit
    found = await call.services.endpoints.page(call.scope, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(found, limit, endpoint_reply))


async def get_endpoint(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=endpoint_reply(await call.services.endpoints.get(call.scope, _endpoint(call))))


async def change_endpoint(call: Call[EndpointChangeBody, NoQuery]) -> Reply:
    body = call.body
    types = None if body.event_types is None else frozenset(body.event_types)
    changed = await call.services.keep_endpoint.change(
        call.scope, _endpoint(call), url=body.url, types=types, disabled=body.disabled
    )
    return Reply(value=endpoint_reply(changed))


async def remove_endpoint(call: Call[None, NoQuery]) -> Reply:
    await call.services.endpoints.remove(call.scope, _endpoint(call))
    return Reply()


async def rotate_secret(call: Call[None, NoQuery]) -> Reply:
    endpoint, secret = await call.services.keep_endpoint.rotate(call.scope, _endpoint(call))
    return Reply(value=secret_reply(endpoint, secret))


async def test_endpoint(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=TestedReply(event=await call.services.endpoints.test(call.scope, _endpoint(call))))


async def recover_endpoint(call: Call[SinceBody, NoQuery]) -> Reply:
    missing = Span(endpoint=_endpoint(call), since=call.body.since)
    return Reply(value=QueuedReply(deliveries=await call.services.endpoints.recover(call.scope, missing)))


async def replay_endpoint(call: Call[SpanBody, NoQuery]) -> Reply:
    body = call.body
    if body.until is not None and body.until <= body.since:
        raise InvalidError.at("/until", "must be after since")
    span = Span(endpoint=_endpoint(call), since=body.since, until=body.until)
    return Reply(value=QueuedReply(deliveries=await call.services.deliveries.replay_all(call.scope, span)))


async def list_deliveries(call: Call[None, DeliveriesQuery]) -> Reply:
    query = call.query
    found = await call.services.deliveries.page(
        call.scope,
        endpoint=EndpointId(query.endpoint) if query.endpoint else None,
        event=EventId(query.event) if query.event else None,
        state=query.state,
        after=query.cursor,
        limit=query.limit + 1,
    )
    return Reply(value=page_of(found, query.limit, delivery_reply))


async def replay_delivery(call: Call[None, NoQuery]) -> Reply:
    replayed = await call.services.deliveries.replay(call.scope, DeliveryId(call.params["delivery"]))
    return Reply(value=delivery_reply(replayed))


async def list_events(call: Call[None, EventsQuery]) -> Reply:
    query = call.query
    types = frozenset({query.type} if query.type else ())
    found = await call.services.outbox.read(call.scope, after=query.after, limit=query.limit, types=types)
    last = found[-1].place if found else query.after
    return Reply(value=EventsReply(items=tuple(map(event_reply, found)), next=str(last)))


def _endpoint(call: Call[Any, Any]) -> EndpointId:
    return EndpointId(call.params["endpoint"])


def _row(
    method: str, path: str, summary: str, handler: Any, returns: tuple[Any, ...], **more: Any
) -> Operation[Any, Any]:
    usual = {"body": NO_BODY, "query": NoQuery, "permission": Permission.WEBHOOKS}
    return Operation(method=method, path=path, summary=summary, handler=handler, returns=returns, **{**usual, **more})


_ALL = "/v1/webhook-endpoints"
_ONE = f"{_ALL}/{{endpoint}}"
OPERATIONS = (
    _row(
        "POST",
        _ALL,
        "Add an endpoint of webhooks; its secret is shown this once",
        add_endpoint,
        (SecretReply,),
        body=json_body(EndpointBody),
        status=201,
    ),
    _row("GET", _ALL, "List endpoints of webhooks", list_endpoints, (Items[EndpointReply],), query=PageQuery),
    _row("GET", _ONE, "An endpoint of webhooks", get_endpoint, (EndpointReply,)),
    _row("PATCH", _ONE, "Change an endpoint", change_endpoint, (EndpointReply,), body=json_body(EndpointChangeBody)),
    _row("DELETE", _ONE, "Remove an endpoint, with its deliveries", remove_endpoint, (), status=204),
    _row(
        "POST",
        f"{_ONE}/secret",
        "A new secret; the one before signs beside it for a day",
        rotate_secret,
        (SecretReply,),
    ),
    _row("POST", f"{_ONE}/test", "Send a test event to this endpoint alone", test_endpoint, (TestedReply,)),
    _row(
        "POST",
        f"{_ONE}/recover",
        "Send whatever was not delivered to it since then",
        recover_endpoint,
        (QueuedReply,),
        body=json_body(SinceBody),
    ),
    _row(
        "POST",
        f"{_ONE}/replay",
        "Send again what was delivered or failed in a time",
        replay_endpoint,
        (QueuedReply,),
        body=json_body(SpanBody),
    ),
    _row(
        "GET",
        "/v1/webhook-deliveries",
        "List deliveries with their attempts, newest first",
        list_deliveries,
        (Items[DeliveryReply],),
        query=DeliveriesQuery,
    ),
    _row(
        "POST",
        "/v1/webhook-deliveries/{delivery}/replay",
        "Send an event again, with all its attempts before it",
        replay_delivery,
        (DeliveryReply,),
    ),
    _row(
        "GET",
        "/v1/events",
        "All events in order, for those who would rather ask",
        list_events,
        (EventsReply,),
        query=EventsQuery,
    ),
)
