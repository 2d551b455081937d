"""The emulated TempWorks: Open API, log-in server and webhook subscriptions, each on a port of its own."""

from entrypoints.sandbox.tempworks.server import TempWorksSandbox, running

__all__ = ["TempWorksSandbox", "running"]
