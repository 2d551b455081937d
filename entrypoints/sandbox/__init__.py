"""Emulated applicant tracking systems: stateful, strict, with faults to switch on."""
