"""Celery: confirmed publishing to a quorum queue, acknowledged late, the pool that is one thread (its fastest).

Its handler is a plain function: it runs no coroutines. The publisher is one, and waits for each.
"""

import json
import os
import time
from typing import Any

import attrs
from celery import Celery
from kombu import Queue

from tests.bench.machine import handed


def _application(url: str) -> Any:
    app = Celery("jobs", broker=url)
    app.conf.update(
        broker_transport_options={"confirm_publish": True},
        task_acks_late=True,
        task_default_queue="jobs",
        task_ignore_result=True,
        task_queues=[Queue("jobs", durable=True, queue_arguments={"x-queue-type": "quorum"})],
        worker_detect_quorum_queues=True,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=100,
        worker_redirect_stdouts=False,
    )
    return app


@attrs.define
class Timed:
    """Says how long it all took once the last job is handled, and ends the process: a worker means to run for ever."""

    jobs: int
    publishing: float = 0.0
    done: int = 0
    began: float = 0.0

    def handle(self, _: object) -> None:
        if not self.done:
            self.began = time.perf_counter()
        self.done += 1
        if self.done == self.jobs:
            self._end(time.perf_counter() - self.began)

    def _end(self, working: float) -> None:
        rates = {"accepted": self.publishing, "worked": working, "per_second": self.publishing + working}
        print(json.dumps({name: self.jobs / seconds for name, seconds in rates.items()}), flush=True)
        os._exit(0)


def main(url: str, body: str, jobs: int) -> None:
    app, timed, parsed = _application(url), Timed(jobs), json.loads(body)

    def handle(result: object) -> None:
        timed.handle(result)

    job = app.task(name="handle")(handle)
    with app.connection_for_write() as connection:
        app.amqp.queues["jobs"].bind(connection.channel()).declare()
    start = time.perf_counter()
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(jobs):
            job.apply_async((parsed,), producer=producer)
    timed.publishing = time.perf_counter() - start
    quiet = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "loglevel": "ERROR"}
    app.Worker(pool="solo", quiet=True, **quiet).start()


if __name__ == "__main__":
    main(**handed())
