"""Properties are tried on the same examples in every run: what fails, fails again."""

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True, database=None)
settings.load_profile("rules")
