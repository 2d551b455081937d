"""Everything that knows a vendor, a wire, a database or a clock."""
