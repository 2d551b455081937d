"""The consumer of the command table, and the way in for events."""
