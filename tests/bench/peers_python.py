"""The environment that peers are installed into by `make bench-peers`; without it their rows are not measured."""

from tests.bench.machine import ROOT

PEERS = ROOT / "build/peers/bin/python"


def lacking_peers() -> str | None:
    return None if PEERS.exists() else "make bench-peers"
