"""`atsbridge ...`"""
