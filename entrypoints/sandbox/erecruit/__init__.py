"""The emulated eRecruit: a standard host behind OAuth and a customer's legacy host with a broken certificate."""

from entrypoints.sandbox.erecruit.server import ErecruitSandbox, running

__all__ = ["ErecruitSandbox", "running"]
