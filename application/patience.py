"""Patience: when to try again what could not be done now, and when to give up."""

import attrs


@attrs.frozen(kw_only=True)
class Patience:
    """In seconds. A command is tried again after a quarter of its age, from `shortest` to `longest`, and given up
    when the ATS was unavailable for `oldest`.
    """

    shortest: float = 5.0
    longest: float = 900.0
    oldest: float = 7 * 24 * 3600.0

    def wait(self, age: float) -> float:
        """Until the next try of a command that is so old."""
        return min(max(self.shortest, age / 4), self.longest)

    def bears(self, age: float) -> bool:
        """Whether a command that is so old is tried again at all."""
        return age <= self.oldest
