"""The emulated Kombo: one integration with Avionté behind its passthrough, and a plain one."""

from entrypoints.sandbox.kombo.server import KomboSandbox, running

__all__ = ["KomboSandbox", "running"]
