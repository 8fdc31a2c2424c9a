"""Where a version of the rulebook is written, weighed against the town's own past, and brought to publication."""
