"""Brokers: they deliver what others published, and keep what was rejected."""
