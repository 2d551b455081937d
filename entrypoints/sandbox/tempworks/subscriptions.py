"""Webhooks: who wants to be told of what, and where."""

from datetime import datetime

from entrypoints.sandbox.fields import BOOLEAN, TEXT, Field
from entrypoints.sandbox.tempworks.catalogue import REPRESENTATIVE, Row
from entrypoints.sandbox.tempworks.manners import missing, wrong
from entrypoints.sandbox.tempworks.state import State
from entrypoints.sandbox.wire import Ask, Reply, Write

TOPICS = frozenset(
    f"{record}.{event}"
    for record, events in {
        "employee": (
            "created",
            "updated",
            "addressupdated",
            "custompropertyupdated",
            "contactmethodcreated",
            "contactmethodupdated",
            "contactmethoddeleted",
        ),
        "assignment": ("created", "updated", "custompropertyupdated"),
        "joborder": ("created", "updated", "custompropertyupdated"),
        "customer": ("created", "updated", "custompropertyupdated"),
    }.items()
    for event in events
)
SUBSCRIPTION_FIELDS = (
    Field("topicName", TEXT, required=True),
    Field("callbackUrl", TEXT, required=True),
    Field("callbackUrlIsSensitive", BOOLEAN),
    Field("httpMethod", TEXT, required=True),
    Field("httpHeaderName", TEXT),
    Field("httpHeaderValue", TEXT),
    Field("httpHeaderValueIsSensitive", BOOLEAN),
)
_SENSITIVE = {"callbackUrlIsSensitive": "callbackUrl", "httpHeaderValueIsSensitive": "httpHeaderValue"}


def fine(moment: datetime) -> str:
    """With seven digits of the second."""
    return f"{moment.strftime('%Y-%m-%dT%H:%M:%S.%f')}4+00:00"


def subscriptions(state: State, _ask: Ask) -> Reply:
    if not state.subscriptions:
        raise missing()
    return Reply(body={"subscriptions": [_shown(one) for one in state.subscriptions]})


def _shown(one: Row) -> Row:
    """What is sensitive comes back empty."""
    return one | {name: "" for flag, name in _SENSITIVE.items() if one[flag]}


def subscribe(state: State, ask: Ask) -> Reply:
    body = ask.body
    if body["topicName"] not in TOPICS:
        raise wrong("topicName", "There is no such topic.")
    if body["httpMethod"] != "POST" or not body["callbackUrl"].startswith(("http://", "https://")):
        raise wrong("callbackUrl", "Deliveries are POSTs to a URL.")
    number = 13 + len(state.subscriptions)
    defaults = dict.fromkeys(_SENSITIVE, False) | {"httpHeaderName": None, "httpHeaderValue": None}
    kept = {
        "subscriptionId": number,
        "clientId": state.credentials["client_id"],
        "tenantName": state.credentials["tenant"],
        "srIdent": REPRESENTATIVE,
        "created": fine(ask.now),
        "lastModified": None,
        "isActive": True,
    }
    state.subscriptions.append(kept | defaults | dict(body))
    record = str(number)
    wrote = Write(kind="subscription", target=("topic", body["topicName"]), id=record, content=record.encode())
    return Reply(body={"subscriptionId": number}, wrote=wrote)


def told(state: State) -> list[tuple[Row, Row]]:
    """The deliveries that are due, each with its subscription; they are due no more."""
    events, state.events = state.events, []
    return [
        (
            one,
            {
                "subscriptionId": one["subscriptionId"],
                "timestamp": fine(event.at),
                "eventName": event.topic,
                "tenantName": one["tenantName"],
                "payload": event.payload,
            },
        )
        for event in events
        for one in state.subscriptions
        if one["topicName"] == event.topic
    ]
