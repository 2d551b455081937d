"""What was done and what was asked: tests read effects here, not in anybody's receipts."""

from collections import Counter, deque
from typing import Any

import attrs

from entrypoints.sandbox.wire import Write


@attrs.define
class Journal:
    writes: list[dict[str, Any]] = attrs.field(factory=list)
    requests: int = 0
    requests_by_route: Counter[str] = attrs.field(factory=Counter)
    logins: Counter[str] = attrs.field(factory=Counter)
    redirects_followed: int = 0
    refusals: deque[dict[str, Any]] = attrs.field(factory=lambda: deque(maxlen=50))

    def asked(self, label: str) -> None:
        self.requests += 1
        self.requests_by_route[label] += 1

    def wrote(self, write: Write) -> None:
        if not write.again:
            self.writes.append(write.shown(len(self.writes) + 1))
            return
        before = next(one for one in self.writes if (one["kind"], one["id"]) == (write.kind, write.id))
        before.update(write.shown(before["seq"]))

    def shown(self) -> dict[str, Any]:
        return {
            "writes": self.writes,
            "requests": self.requests,
            "requests_by_route": dict(self.requests_by_route),
            "logins": dict(self.logins),
            "redirects_followed": self.redirects_followed,
            "refusals": list(self.refusals),
        }
