"""Pages of a town that is set up: each step by typing, and the sheets of its offices."""
