"""Turns and tokens of ATS hosts: within one process, or shared through the database."""
