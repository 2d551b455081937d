"""The one HTTP plumbing: small parts put together in `api.Api`. Knows HTTP, knows no vendor."""
