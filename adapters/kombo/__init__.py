"""Kombo: one API in front of many ATS. Reads come from its synced copy; writes go through to the ATS behind it."""
