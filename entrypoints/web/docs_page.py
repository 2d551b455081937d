"""A page of our own that shows the description: no scripts, nothing from elsewhere."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import attrs
import msgspec

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; text-transform: capitalize; }
details { border: 1px solid #8886; border-radius: 6px; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; font-family: ui-monospace, monospace; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .6rem; background: #8882; border-radius: 6px; }
td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
"""


@attrs.frozen(kw_only=True)
class Description:
    """The description as JSON, and as a page with the policy that browsers hold it to."""

    openapi: bytes
    page: bytes
    policy: str


def described(document: Mapping[str, Any]) -> Description:
    """Made once, when the application is built."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return Description(
        openapi=msgspec.json.encode(document),
        page="".join(_page(document)).encode(),
        policy=f"default-src 'self'; style-src 'sha256-{style}'; frame-ancestors 'none'; base-uri 'none'",
    )


def _page(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
    yield f"<style>{_STYLE}</style><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
    yield f'<p>{escape(info["description"])}</p><p>The whole description: <a href="/openapi.json">/openapi.json</a></p>'
    tags: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            shown = "".join(_operation(method.upper(), path, operation))
            tags.setdefault(operation["tags"][0], []).append(shown)
    for tag, shown_ones in tags.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(shown_ones)}"
    yield "<h2>schemas</h2>"
    for name, schema in document["components"]["schemas"].items():
        text = escape(json.dumps(schema, indent=1, ensure_ascii=False))
        yield f'<details id="{escape(name)}"><summary>{escape(name)}</summary><pre>{text}</pre></details>'


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<details><summary><b>{method}</b> <code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
    yield f"<p>{escape(operation.get('description', 'Needs no key.'))}</p><table>"
    for one in operation["parameters"]:
        must = "required" if one["required"] else "optional"
        yield f"<tr><td>{one['in']}<td><code>{escape(one['name'])}</code><td>{must}"
        yield f"<td>{escape(one.get('description', ''))}</tr>"
    yield "</table>"
    if "requestBody" in operation:
        yield f"<p>Takes {_content(operation['requestBody']['content'])}</p>"
    for status, response in operation["responses"].items():
        if status < "4":
            yield f"<p>{status} {escape(response['description'])}: {_content(response.get('content', {}))}</p>"
    yield "</details>"


def _content(content: Mapping[str, Any]) -> str:
    shown = [_schema(one["schema"]) for one in content.values()]
    return " or ".join(dict.fromkeys(shown)) or "nothing"


def _schema(schema: Mapping[str, Any]) -> str:
    if "oneOf" in schema:
        return " or ".join(_schema(one) for one in schema["oneOf"])
    if "$ref" not in schema:
        return escape(str(schema.get("type", "anything")))
    name = escape(schema["$ref"].rpartition("/")[2])
    return f'<a href="#{name}">{name}</a>'
