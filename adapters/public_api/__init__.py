"""For customers without an ATS: what they handed in is read, and results are told by webhook."""
