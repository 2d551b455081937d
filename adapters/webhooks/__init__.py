"""Webhooks going out: which addresses they may go to, how they are signed, and how they are sent."""
