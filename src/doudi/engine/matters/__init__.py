"""The lives of a matter and of a report, and which clocks they start."""
