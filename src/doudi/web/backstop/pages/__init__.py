"""Pages of the backstop: for whom the town carried, what stands in the problem bank, whom it can send."""
