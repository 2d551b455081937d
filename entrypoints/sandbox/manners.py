"""What a provider must say of itself so that the generic part can refuse and misbehave in its words."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

from entrypoints.sandbox.wire import Reply


class Manners(Protocol):
    @abstractmethod
    def unknown_path(self, url: str, path: str) -> Reply: ...

    @abstractmethod
    def wrong_method(self, method: str) -> Reply: ...

    @abstractmethod
    def wrong_media(self, media: str) -> Reply: ...

    @abstractmethod
    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply: ...

    @abstractmethod
    def denied(self) -> Reply: ...

    @abstractmethod
    def forbidden(self, path: str) -> Reply: ...

    @abstractmethod
    def too_many(self, most: str) -> Reply: ...

    @abstractmethod
    def broken(self) -> Reply: ...

    @abstractmethod
    def with_nulls(self, body: Any) -> Any: ...

    @abstractmethod
    def with_unknown_enums(self, body: Any) -> Any: ...

    @abstractmethod
    def with_spoiled_row(self, body: Any) -> Any: ...
