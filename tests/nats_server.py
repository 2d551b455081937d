"""A real NATS server with JetStream on a folder of its own; it can be stopped, killed and started again in place."""

import re
import signal
import subprocess
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# By its absolute path: a machine may have another one of the same name.
PROGRAM = Path(sysconfig.get_path("scripts")) / "nats-server"
START_SECONDS, STOP_SECONDS = 20.0, 10.0
_LISTENS = re.compile(r"Listening for client connections on 127\.0\.0\.1:(\d+)")
_READY = "Server is ready"


class NatsServer:
    """One server. Its port is free at the first start and kept after that, and so are its streams, in `folder`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self._reading: threading.Thread | None = None
        self._ready = threading.Event()
        self._port = -1
        self.log: list[str] = []

    @property
    def url(self) -> str:
        """Where it is, or was, reached."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process is not None, "it is not running"
        return self._process.pid

    def start(self) -> None:
        """Returns when clients may come."""
        assert self._process is None, "it runs already"
        self._ready.clear()
        where = ("--addr", "127.0.0.1", "--port", str(self._port), "--store_dir", str(self._folder))
        self._process = subprocess.Popen(
            [PROGRAM, "--jetstream", *where, *self._options], stderr=subprocess.PIPE, text=True, cwd=self._folder
        )
        assert self._process.stderr is not None
        self._reading = threading.Thread(target=self._read, args=(self._process.stderr,), daemon=True)
        self._reading.start()
        if not self._ready.wait(START_SECONDS) or self._process.poll() is not None:
            self.kill()
            raise AssertionError("the NATS server did not start:\n" + "\n".join(self.log[-20:]))

    def stop(self) -> None:
        """Asks it to end, and waits for that."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it at once, as a crash does; what it had written stays."""
        self._end(signal.SIGKILL)

    def restart(self, *, kill: bool = False) -> None:
        """Ends it and starts it again on the same port and folder."""
        self._end(signal.SIGKILL if kill else signal.SIGTERM)
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._reading is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._reading.join()
            self._process = self._reading = None

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.log.append(line.rstrip())
                if found := _LISTENS.search(line):
                    self._port = int(found[1])
                if _READY in line:
                    self._ready.set()
        self._ready.set()  # it ended: nobody need wait any longer


@contextmanager
def a_nats_server(folder: Path, *options: str) -> Iterator[NatsServer]:
    """A server that runs until the block ends. `options` are those of its command line."""
    server = NatsServer(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
