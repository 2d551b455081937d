"""FastAPI on uvicorn and httptools doing what our HTTP accept does, as fast as it honestly can.

The key is checked by its SHA-256, the body by pydantic, requests are counted and timed, the command and its body are
committed by a thread that writes whatever has come meanwhile, and then 202 is answered.
"""

import asyncio
import hashlib
import json
import queue
import socket
import sqlite3
import threading
import time
from datetime import datetime
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response
from prometheus_client import Counter, Histogram
from pydantic import BaseModel, Field

from tests.bench.machine import handed

SCHEMA = """
pragma page_size = 16384;
pragma journal_mode = wal;
pragma synchronous = full;
create table command (
    id text primary key, connection_id text not null, key text not null, kind text not null, subject text not null,
    candidate_id text, body_sha256 blob not null, state text not null, reason text, planned integer not null,
    fence integer not null, lease_until integer, due_at integer not null, crashes integer not null,
    created_at integer not null, since integer not null, finished_at integer, unique (connection_id, key)
) without rowid;
create index command_waiting on command (connection_id, due_at, id) where state = 'waiting';
create table body (command_id text primary key, accepted_at integer not null, content blob not null) without rowid;
"""
COMMAND = (
    "insert into command (id, connection_id, key, kind, subject, candidate_id, body_sha256, state, planned, fence,"
    " due_at, crashes, created_at, since) values (?, ?, ?, 'call_result', ?, ?, ?, 'waiting', 0, 0, ?, 0, ?, ?)"
    " on conflict do nothing"
)
BODY = "insert into body (command_id, accepted_at, content) values (?, ?, ?) on conflict do nothing"
MOST = 1_000
LABELS = ("method", "route", "status")
REQUESTS = Counter("http_requests", "Requests answered.", LABELS)
SECONDS = Histogram("http_request_seconds", "Time to answer.", LABELS[:2])
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Answer(BaseModel):
    question: Text
    answer: str
    text: str | None = None


class Line(BaseModel):
    speaker: str
    at_s: float
    text: str


class CallResult(BaseModel):
    call_id: Text
    candidate_id: Text
    started_at: datetime
    ended_at: datetime
    outcome: Literal["completed", "no_answer", "declined", "failed"]
    summary: str
    application_id: Text | None = None
    job_id: Text | None = None
    verdict: Literal["passed", "failed", "review"] | None = None
    score: Annotated[float, Field(ge=0, le=100)] | None = None
    answers: list[Answer] = []
    transcript: list[Line] = []


class Store:
    """One thread has the database; callers wait for the commit that theirs is in."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.executescript(SCHEMA)
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def keep(self, command: tuple[Any, ...], body: tuple[Any, ...]) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.put((command, body, future, loop))
        return future

    def _run(self) -> None:
        while True:
            group = [self._waiting.get()]
            while len(group) < MOST and not self._waiting.empty():
                group.append(self._waiting.get())
            self._database.execute("begin immediate")
            self._database.executemany(COMMAND, [one[0] for one in group])
            self._database.executemany(BODY, [one[1] for one in group])
            self._database.execute("commit")
            group[0][3].call_soon_threadsafe(_kept, [one[2] for one in group])


def _kept(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


class Watched:
    """Counts and times around the application. As plain ASGI: the framework's own middleware costs far more."""

    def __init__(self, app: Any, route: str) -> None:
        self._app, self._route = app, route
        self._seconds = SECONDS.labels("POST", route)
        self._requests = {status: REQUESTS.labels("POST", route, str(status)) for status in (202, 401, 422, 500)}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def seen(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            self._seconds.observe(time.perf_counter() - began)
            self._requests[status].inc()


def application(store: Store, key: str) -> Any:
    app = FastAPI(openapi_url=None)
    keys = {hashlib.sha256(key.encode()).digest()}
    route, number = "/v1/connections/{connection}/call-results", iter(range(1, 1 << 60))

    async def accept(connection: str, result: CallResult, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if hashlib.sha256(token.encode()).digest() not in keys:
            return Response(status_code=401)
        content, now = result.model_dump_json().encode(), time.time_ns() // 1000
        name, who = f"wb_{now:016x}{next(number):010x}", result.candidate_id
        digest = hashlib.sha256(content).digest()
        key, subject = f"call-result:{result.call_id}", f"candidate:{who}"
        row = (name, connection, key, subject, who, digest, now, now, now)
        await store.keep(row, (name, now, content))
        answer = {"writeback_id": name, "href": f"/v1/writebacks/{name}"}
        return Response(json.dumps(answer), status_code=202, media_type="application/json")

    app.post(route, status_code=202)(accept)
    return Watched(app, route)


def main(database: str, key: str, loop: str = "asyncio") -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        print(listening.getsockname()[1], flush=True)
        app = application(Store(database), key)
        config = uvicorn.Config(app, loop=loop, http="httptools", log_level="error", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(**handed())
