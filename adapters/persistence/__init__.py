"""What is kept: one schema and one set of stores, on SQLite and on PostgreSQL."""
