"""How atsbridge is called, configured and started."""
