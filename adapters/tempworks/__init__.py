"""TempWorks: one API for everything, limited tightly, with no word on what changed."""
