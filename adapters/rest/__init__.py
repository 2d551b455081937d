"""The one HTTP plumbing: seven small parts put together in `api.Api`. Knows HTTP, knows no vendor."""
