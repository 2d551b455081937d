"""`python -m entrypoints.cli`, which is how our own commands start one another."""

from entrypoints.cli.main import main

main()
